"""Every lock that is declared in Python: managers, permissions of views and actions, fields that may be written."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from unittest import mock

from django.db import models
from django.urls import get_resolver

from drill.mutants.kinds import Kind, Mutant, tests
from tenants.editing.registry import all_editables
from tenants.permissions import EVERYBODY, NONE, REACH
from tenants.scope import TENANT_URLCONF
from tests import test_catalogue as catalogue
from tests.tenants import test_rights as rights

WIDE = "self.use"  # what everybody may do


def kinds() -> list[Kind]:
    return [
        Kind("managers without a scope", tests(catalogue.test_outside_a_scope_every_statement_raises), [*managers()]),
        Kind("actions that more roles may do", tests(rights.test_each_action_is_for_whom_it_was_written_down), [*actions()]),
        Kind("views that ask for less", tests(rights.test_each_address_asks_for_what_was_written_down), [*views()]),
        Kind("fields that nobody meant to be written", tests(rights.test_each_kind_has_the_fields_that_were_written_down), [*fields()]),
    ]  # fmt: skip


def managers() -> Iterator[Mutant]:
    for model in catalogue.TENANT_MODELS:
        for name, manager in model._meta.managers_map.items():
            plain: Any = models.Manager()
            plain.model, plain.name = model, name
            patched = partial(mock.patch.dict, model._meta.managers_map, {name: plain})
            yield Mutant(f"{model.__name__}.{name}", patched)
            if manager.name == model._meta.base_manager_name:
                yield Mutant(
                    f"{model.__name__}._base_manager",
                    partial(mock.patch.dict, model._meta.__dict__, {"base_manager": plain}),
                )


def actions() -> Iterator[Mutant]:
    for action, row in REACH.items():
        for role, reach in row.items():
            if reach is not EVERYBODY[role] and EVERYBODY[role] is not NONE:
                yield Mutant(
                    f"{action}: {role}", partial(mock.patch.dict, REACH[action], {role: EVERYBODY[role]})
                )


def views() -> Iterator[Mutant]:
    for pattern in rights.patterns(get_resolver(TENANT_URLCONF).url_patterns):
        view = pattern.callback
        if getattr(view, "action", WIDE) != WIDE:
            yield Mutant(f"{pattern.name}: {view.action}", partial(mock.patch.object, view, "action", WIDE))
        if getattr(view, "subject", None) is not None:
            yield Mutant(f"{pattern.name}: no subject", partial(mock.patch.object, view, "subject", None))


def fields() -> Iterator[Mutant]:
    for found in all_editables():
        some = next(iter(found.fields.values()))
        for key in ("tenant", "version", "created_at", "deleted_by", "id"):
            yield Mutant(
                f"{found.kind}.{key}", partial(mock.patch.dict, found.fields, {key: replace(some, key=key)})
            )
        for key, one in found.fields.items():
            if one.action:
                yield Mutant(
                    f"{found.kind}.{key}: {one.action}",
                    partial(mock.patch.dict, found.fields, {key: replace(one, action="")}),
                )
