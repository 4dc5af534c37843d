from tenants.models.idempotency import EditorMark, IdempotencyKey
from tenants.models.membership import Invitation, Membership
from tenants.models.tenant import Holiday, Tenant
from tenants.models.user import User

__all__ = ["EditorMark", "Holiday", "IdempotencyKey", "Invitation", "Membership", "Tenant", "User"]
