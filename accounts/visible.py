"""Which rows that hang on accounts a member sees, as one filter."""

from typing import Any

from accounts.models import Account
from tenants.permissions import Reach, reach


def on_visible_accounts(rows: Any, member: Any) -> Any:
    """Rows of accounts that the member sees; asked only for those who do not see all of them."""
    if reach(member, "account.read") is Reach.ALL:
        return rows
    return rows.filter(account__in=Account.objects.visible_to(member))
