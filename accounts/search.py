"""Search in Japanese by two characters: 1- and 2-grams that PostgreSQL keeps beside each text.

Trigram and pattern indexes are not used below row-level security, so a function owned by a narrow role does the
looking up; it reads the tenant from the transaction itself.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce


class SearchGrams(Func):
    """The normalised grams of some columns (NFKC, lower case, kana folded), as PostgreSQL makes them."""

    template = "search_grams(%(expressions)s)"
    arg_joiner = " || chr(10) || "
    output_field = ArrayField(models.TextField())

    def __init__(self, *columns: Any) -> None:
        super().__init__(*(Coalesce(F(c) if isinstance(c, str) else c, Value("")) for c in columns))


class search_accounts(Func):  # noqa: N801  reads as the SQL function it is
    """The ids of accounts whose names, industry, numbers or people contain every word of ``text``."""

    template = "(SELECT search_accounts(%(expressions)s))"
    output_field = models.UUIDField()
    set_returning = True

    def __init__(self, text: str) -> None:
        super().__init__(Value(text, output_field=models.TextField()))
