"""Search in Japanese by two characters: 1- and 2-grams that PostgreSQL keeps beside each text.

Trigram and pattern indexes are not used below row-level security, so a function owned by a narrow role does the
looking up; it reads the tenant from the transaction itself.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

MANY = 2_000
"""A page of a search with more hits is found sooner by walking along the list than by naming them all."""


class SearchGrams(Func):
    """The normalised grams of some columns (NFKC, lower case, kana folded), as PostgreSQL makes them."""

    template = "search_grams(%(expressions)s)"
    arg_joiner = " || chr(10) || "
    output_field = ArrayField(models.TextField())

    def __init__(self, *columns: Any) -> None:
        super().__init__(*(Coalesce(F(c) if isinstance(c, str) else c, Value("")) for c in columns))


class search_accounts(Func):  # noqa: N801  reads as the SQL function it is
    """The ids of accounts whose names, industry, numbers or people contain every word of ``text``; some of them with ``at_most``."""

    template = "(SELECT search_accounts(%(expressions)s))"
    output_field = models.UUIDField()
    set_returning = True

    def __init__(self, text: str, at_most: int | None = None) -> None:
        super().__init__(Value(text, output_field=models.TextField()), Value(at_most, models.IntegerField()))


@dataclass(frozen=True)
class Hits:
    """What a search found in the tenant in scope: the accounts by name, or how to tell one that is a hit."""

    keys: str | None
    words: list[str]
    typed: list[str]
    wanted: list[str]

    @property
    def named(self) -> Q:
        """The accounts that were found, where there are few enough to name them."""
        return Q(IsOneOf(F("pk"), Value(self.keys)))

    def holds(self, *columns: str) -> Q:
        """On rows whose grams are made from ``columns``: every word is in one of them."""
        if not self.words:
            return Q(pk__in=[])
        found = Q(grams__contains=self.wanted)
        if all(len(word) <= 2 for word in self.words):
            return found
        return found & Q(SearchHolds(TextArray(self.words), TextArray(self.typed), Written(*columns)))


def look_up(text: str) -> Hits:
    """Asks for the accounts once, so that whatever is read of them knows how many there are; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN cardinality(found) <= %s THEN found::text END, words, search_typed(%s), search_wanted(words)"
            " FROM (SELECT array(SELECT search_accounts(%s, %s)) AS found, search_words(%s) AS words) AS s",
            [MANY, text, text, MANY + 1, text],
        )
        return Hits(*cursor.fetchone())


def some_of(text: str) -> search_accounts:
    """Of a search with more hits than are named, as many as are looked at to say that there are many."""
    return search_accounts(text, MANY)


class IsOneOf(Func):
    """``key = ANY (array)``: unlike a sub-select, PostgreSQL sees how many there are before it plans."""

    template = "%(expressions)s::uuid[])"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


class SearchHolds(Func):
    function = "search_holds"
    output_field = models.BooleanField()


class Written(Func):
    """Columns as the search reads them: one line each."""

    function = "concat_ws"
    template = "%(function)s(chr(10), %(expressions)s)"
    output_field = models.TextField()


class TextArray(Func):
    template = "%(expressions)s::text[]"

    def __init__(self, texts: list[str]) -> None:
        super().__init__(Value(texts, output_field=ArrayField(models.TextField())))
