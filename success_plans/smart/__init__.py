"""The SMART coach (S1 1.28–1.34, shared SMART.md): a statement in, what is missing and the one question for each out.

Pure and offline: no database, no clock, no network. ``judge`` is all that the rooms outside need."""

from success_plans.smart.judging import Judgement, Reason, judge
from success_plans.smart.statement import Context, Fields, Statement, statement_from

__all__ = ["Context", "Fields", "Judgement", "Reason", "Statement", "judge", "statement_from"]
