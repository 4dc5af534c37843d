from tenants.models.api_token import ApiToken
from tenants.models.erasure import Erasure
from tenants.models.idempotency import EditorMark, IdempotencyKey
from tenants.models.job_slot import Canary, JobSlot
from tenants.models.membership import Invitation, Membership
from tenants.models.outbox import OutboxMail
from tenants.models.tenant import Holiday, Tenant
from tenants.models.user import User

__all__ = [
    "ApiToken",
    "Canary",
    "EditorMark",
    "Erasure",
    "Holiday",
    "IdempotencyKey",
    "Invitation",
    "JobSlot",
    "Membership",
    "OutboxMail",
    "Tenant",
    "User",
]
