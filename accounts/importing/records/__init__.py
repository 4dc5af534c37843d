"""What can be imported, by the name used in addresses and on the command line."""

from accounts.importing.fields import RecordType
from accounts.importing.records.accounts import ACCOUNTS

RECORD_TYPES: dict[str, RecordType] = {each.name: each for each in (ACCOUNTS,)}
