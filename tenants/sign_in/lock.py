"""Ten wrong passwords in a row stop an address for fifteen minutes, whether anybody has it or not.

Counted in the shared cache, so that every web process sees the same count. A cache that is down stops sign-in.
"""

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

TRIES = 10
LOCKED_FOR = timedelta(minutes=15)


def take_try(email: str) -> datetime | None:
    """Count one try before the password is looked at; give the moment until which the address is stopped, if it is."""
    if until := locked_until(email):
        return until
    cache.add(_key("tries", email), 0, LOCKED_FOR.total_seconds())
    if cache.incr(_key("tries", email)) <= TRIES:
        return None
    return lock(email)  # more tries at once than are allowed one after another


def note_failure(email: str) -> datetime | None:
    """The try was wrong: stop the address if it was the last one, and say until when."""
    return lock(email) if cache.get(_key("tries", email), 0) >= TRIES else None


def forget(email: str) -> None:
    """The right password, or a new one: counting starts again."""
    cache.delete_many([_key("tries", email), _key("locked", email)])


def lock(email: str) -> datetime:
    until = timezone.now() + LOCKED_FOR
    cache.set(_key("locked", email), until, LOCKED_FOR.total_seconds())
    cache.delete(_key("tries", email))
    return until


def locked_until(email: str) -> datetime | None:
    return cache.get(_key("locked", email))


def _key(what: str, email: str) -> str:
    return f"sign-in:{what}:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
