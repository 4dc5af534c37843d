from accounts.models.account import Account, AccountMember, Pin
from accounts.models.account_merge import AccountMerge
from accounts.models.activity import Activity, ActivityMember, ActivityPerson, ActivityType, NoteDraft
from accounts.models.attachment import Attachment
from accounts.models.body import BodyMember
from accounts.models.context import (
    BehaviourChange,
    BusinessSegment,
    Competitor,
    Hypothesis,
    ManagementIssue,
    Tool,
    Topic,
)
from accounts.models.contract import BudgetStatus, Contract
from accounts.models.driver import DriverNode
from accounts.models.fact import Fact
from accounts.models.financial import FinancialFigure, FinancialPeriod, FinancialReport
from accounts.models.imports import Import, ImportChange, ImportChunk, ImportFinding, ImportMapping
from accounts.models.issue_driver import IssueDriver
from accounts.models.key_person import KeyPerson, PersonRole
from accounts.models.metric import MetricDefinition, MetricSample
from accounts.models.notice import Follower, Notice, NoticeSetting
from accounts.models.occasion import Occasion, OccasionType
from accounts.models.opinion import Opinion
from accounts.models.person_merge import PersonMerge
from accounts.models.person_move import PersonMove
from accounts.models.person_tie import PersonTie
from accounts.models.product import Product, ProductFeature, Subscription
from accounts.models.ringi import Formation, Ringi, RingiPromise
from accounts.models.sheet import Resolution, SheetEdition, SheetField, SheetSection
from accounts.models.unit import BusinessUnit

__all__ = [
    "Account",
    "AccountMember",
    "AccountMerge",
    "Activity",
    "ActivityMember",
    "ActivityPerson",
    "ActivityType",
    "Attachment",
    "BehaviourChange",
    "BodyMember",
    "BudgetStatus",
    "BusinessSegment",
    "BusinessUnit",
    "Competitor",
    "Contract",
    "DriverNode",
    "Fact",
    "FinancialFigure",
    "FinancialPeriod",
    "FinancialReport",
    "Formation",
    "Follower",
    "Hypothesis",
    "Import",
    "ImportChange",
    "ImportChunk",
    "ImportFinding",
    "ImportMapping",
    "IssueDriver",
    "KeyPerson",
    "ManagementIssue",
    "MetricDefinition",
    "MetricSample",
    "Occasion",
    "OccasionType",
    "Opinion",
    "PersonMerge",
    "PersonMove",
    "NoteDraft",
    "Notice",
    "NoticeSetting",
    "PersonRole",
    "PersonTie",
    "Pin",
    "Resolution",
    "SheetEdition",
    "SheetField",
    "SheetSection",
    "Product",
    "ProductFeature",
    "Ringi",
    "RingiPromise",
    "Subscription",
    "Tool",
    "Topic",
]
