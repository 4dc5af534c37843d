"""Backup and restore of a whole Masume: the database of all tenants and the uploaded files, as one file.

The file is a tar archive: ``database.dump`` (PostgreSQL's custom format), ``media/…``, and last ``manifest.json``, which
says for every table and tenant how many rows there are and what they add up to, which locks the database has (policies,
triggers, rights), and the checksum of everything before it. A file that was cut short has no manifest.
"""


class Refused(Exception):
    """Nothing was done, or everything was put back; the text says why and what to do."""
