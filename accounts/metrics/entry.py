"""Values typed as a table: one day, one input per metric, written together or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import every_metric
from accounts.editing import origin
from accounts.metrics.figures import with_unit
from accounts.metrics.series import Series
from accounts.models import Account, MetricDefinition, MetricSample
from tenants.editing import editable
from tenants.editing.drafting import Draft
from tenants.editing.fields import clean_text, parse_number


@dataclass(frozen=True)
class Blank:
    """One line of the table: what was typed, what was wrong with it, and the newest value beside it."""

    metric: MetricDefinition
    last: str
    typed: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return name_of(self.metric)


class Entry:
    """``typed`` is what came from the form, or the first values of an empty one. ``draft`` asks for day and source."""

    def __init__(
        self, account: Account, unit: UUID | None, series: Sequence[Series], typed: Mapping[str, str]
    ) -> None:
        self.account, self.unit, self.typed = account, unit, typed
        self.last = {one.metric.pk: one.newest for one in series}
        self.errors: dict[str, str] = {}
        self.problem = ""
        self.metrics = [one for one in every_metric() if not (one.is_retired or one.deleted_at)]
        like = MetricSample(account=account)
        self.draft = Draft(editable("metric_sample"), ("on", "source"), typed, like=like)

    @property
    def blanks(self) -> list[Blank]:
        return [self._blank(metric) for metric in self.metrics]

    def _blank(self, metric: MetricDefinition) -> Blank:
        newest, name = self.last.get(metric.pk), name_of(metric)
        last = f"{with_unit(newest.value, metric)}({newest.on:%m/%d})" if newest else ""
        return Blank(metric, last, self.typed.get(name, ""), self.errors.get(name, ""))

    def write(self) -> list[MetricSample]:
        """The values that were typed; nothing where something will not do, with ``errors`` by input saying what."""
        is_dated, given = self.draft.is_valid(), self._given()
        if not given and not self.errors:
            self.problem = _("値をひとつ以上入力してください")
        if is_dated:
            self._refuse_known(given)
        if not is_dated or self.problem or self.errors:
            return []
        whole = {"account": self.account, "unit_id": self.unit, "origin": origin(), **self.draft.values}
        try:
            with transaction.atomic():
                return [
                    MetricSample.objects.create(metric=metric, value=value, **whole)
                    for metric, value in given.items()
                ]
        except IntegrityError:  # somebody else wrote one of them just now
            self._refuse_known(given)
            return []

    def _given(self) -> dict[MetricDefinition, Any]:
        found = {}
        for metric in self.metrics:
            name = name_of(metric)
            try:
                value = parse_number(clean_text(self.typed.get(name, "")))
            except ValidationError as error:
                self.errors[name] = error.messages[0]
                continue
            if value is not None:
                found[metric] = value
        return found

    def _refuse_known(self, given: Mapping[MetricDefinition, Any]) -> None:
        """A value that stands there is corrected where it stands, never from here."""
        on, by_id = self.draft.values["on"], {metric.pk: metric for metric in given}
        known = MetricSample.objects.filter(account=self.account, unit=self.unit, on=on, metric__in=by_id)
        for sample in known:
            metric = by_id[sample.metric_id]
            self.errors[name_of(metric)] = _(
                "%(day)sの値はもうあります(%(value)s)。下の表で直してください"
            ) % {"day": f"{on:%m/%d}", "value": with_unit(sample.value, metric)}


def name_of(metric: MetricDefinition) -> str:
    """Of the input for a value."""
    return f"value-{metric.pk}"
