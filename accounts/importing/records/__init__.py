"""What can be imported, by the name used in addresses and on the command line."""

from dataclasses import replace

from accounts.importing.fields import RecordType, Target
from accounts.importing.records.accounts import ACCOUNTS
from accounts.importing.records.metric_samples import METRIC_SAMPLES
from accounts.importing.records.own import own_fields
from accounts.importing.records.persons import PERSONS
from accounts.models import Import

RECORD_TYPES: dict[str, RecordType] = {each.name: each for each in (ACCOUNTS, PERSONS, METRIC_SAMPLES)}


def offered(batch: Import) -> RecordType:
    """Everything that a column of the file can go to: with what the tenant's own sheet asks."""
    found = RECORD_TYPES[batch.record_type]
    return replace(found, fields=[*found.fields, *own_fields()]) if found is ACCOUNTS else found


def record_type_of(batch: Import) -> RecordType:
    """What the import fills: of the sheet's own fields only those that a column goes to."""
    used = {Target.parse(target).field for target in batch.targets}
    found = offered(batch)
    return replace(found, fields=[each for each in found.fields if not each.is_fact or each.key in used])
