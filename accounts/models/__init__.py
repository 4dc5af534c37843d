from accounts.models.account import Account, AccountMember, Pin
from accounts.models.activity import Activity, ActivityMember, ActivityPerson
from accounts.models.contract import BudgetStatus, Contract
from accounts.models.fact import Fact
from accounts.models.imports import Import, ImportChange, ImportChunk, ImportFinding, ImportMapping
from accounts.models.key_person import KeyPerson, PersonRole
from accounts.models.unit import BusinessUnit

__all__ = [
    "Account",
    "AccountMember",
    "Activity",
    "ActivityMember",
    "ActivityPerson",
    "BudgetStatus",
    "BusinessUnit",
    "Contract",
    "Fact",
    "Import",
    "ImportChange",
    "ImportChunk",
    "ImportFinding",
    "ImportMapping",
    "KeyPerson",
    "PersonRole",
    "Pin",
]
