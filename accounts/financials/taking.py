"""Figures about to be written: what stands, what would come, and what stays because a person wrote it.

Nothing is written before somebody has read the proposal. A figure that a person typed stays unless they tick it; an older
report never replaces the figures of the one that corrects it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.financials.lines import BY_KEY, KEYS, Line
from accounts.financials.periods import Period
from accounts.models import Account, FinancialFigure, FinancialPeriod
from accounts.models.fact import Origin, SourceKind
from accounts.models.financial import Basis, FigureState

UNDISCLOSED = None
FAR_APART = 50


@dataclass(frozen=True)
class Source:
    """Where figures come from, as the period keeps it. Nothing that is empty replaces what stands there."""

    kind: str = SourceKind.PRIMARY
    text: str = ""
    url: str = ""
    as_of: Any = None
    basis: str = Basis.CONSOLIDATED
    origin: str = Origin.HAND


@dataclass(frozen=True)
class Change:
    """One figure: ``amount`` in yen, None when the source says that it is not disclosed."""

    period: Period
    line: Line
    amount: int | None
    standing: FinancialFigure | None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.period.ends_on.isoformat()}-{self.period.quarter or 'fy'}-{self.line.key}"

    @property
    def state(self) -> str:
        return FigureState.UNDISCLOSED if self.amount is None else FigureState.KNOWN

    @property
    def is_new(self) -> bool:
        return self.standing is None or self.standing.state == FigureState.UNKNOWN

    @property
    def is_same(self) -> bool:
        stands = self.standing
        return stands is not None and (stands.amount, stands.state) == (self.amount, self.state)

    @property
    def is_by_hand(self) -> bool:
        """A person wrote what stands there, and it differs."""
        return not self.is_new and not self.is_same and self.standing.origin == Origin.HAND  # type: ignore[union-attr]

    @property
    def seems_in_another_unit(self) -> bool:
        stands = self.standing.amount if self.standing else None
        return bool(stands and self.amount and far_apart(stands, self.amount))


@dataclass(frozen=True)
class Proposal:
    changes: list[Change]
    source: Source
    cautions: list[str] = field(default_factory=list)

    @property
    def fresh(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def same(self) -> int:
        return sum(change.is_same for change in self.changes)

    @property
    def replacing(self) -> int:
        return len(self.changes) - self.fresh - self.same - self.by_hand

    @property
    def by_hand(self) -> int:
        return sum(change.is_by_hand for change in self.changes)

    @property
    def tally(self) -> list[dict[str, Any]]:
        """What would happen to how many figures, as ``{% tally %}`` draws it."""
        counted = (
            (_("新しい数字"), self.fresh, "ai"),
            (_("置き換える"), self.replacing, "caution"),
            (_("人が書いた値"), self.by_hand, "mid"),
            (_("同じ"), self.same, "blank"),
        )
        return [{"label": label, "count": count, "color": color} for label, count, color in counted if count]


Figures = Mapping[tuple[Period, str], int | None]


def propose(account: Account, figures: Figures, source: Source, cautions: Iterable[str] = ()) -> Proposal:
    """What writing ``figures`` (yen by period and line) would change; two statements, whatever their number."""
    standing = standing_figures(account)
    changes = [
        Change(period, BY_KEY[key], amount, standing.get((period.ends_on, period.quarter, key)))
        for (period, key), amount in sorted(
            figures.items(), key=lambda item: (item[0][0].ends_on, KEYS.index(item[0][1]))
        )
    ]
    return Proposal(changes, source, [*cautions, *units_that_do_not_fit(changes)])


def standing_figures(account: Account) -> dict[tuple[Any, int | None, str], FinancialFigure]:
    rows = account.figures.filter(financial_period__deleted_at__isnull=True).select_related(
        "financial_period"
    )
    return {(row.financial_period.ends_on, row.financial_period.quarter, row.line): row for row in rows}


def units_that_do_not_fit(changes: list[Change]) -> list[str]:
    """A figure fifty times its neighbour's: 百万円 and 億円 have been mixed more often than a company has grown so."""
    found = []
    for line in BY_KEY.values():
        own = [change for change in changes if change.line is line and change.amount]
        pairs = zip(own, own[1:], strict=False)
        odd = next((later for earlier, later in pairs if far_apart(earlier.amount, later.amount)), None)
        odd = odd or next((change for change in own if change.seems_in_another_unit), None)
        if odd:
            message = _("%(line)sは%(period)sで桁が大きく変わります。単位が混ざっていないか確かめてください")
            found.append(message % {"line": line.label, "period": odd.period.label})
    return found


def far_apart(one: int | None, other: int | None) -> bool:
    if not one or not other:
        return False
    small, large = sorted((abs(one), abs(other)))
    return large >= FAR_APART * small


@transaction.atomic
def write(account: Account, proposal: Proposal, overwrite: Collection[str] = ()) -> int:
    """Write what is new or replaces a report's figure, and those by hand whose key is in ``overwrite``; how many changed."""
    wanted = [
        change
        for change in proposal.changes
        if not change.is_same and (not change.is_by_hand or change.key in overwrite)
    ]
    periods = {
        period: period_row(account, period, proposal.source)
        for period in {c.period for c in proposal.changes}
    }
    for change in wanted:
        FinancialFigure.objects.update_or_create(
            financial_period=periods[change.period],
            line=change.line.key,
            defaults={
                "account": account,
                "amount": change.amount,
                "state": change.state,
                "origin": proposal.source.origin,
            },
        )
    return len(wanted)


def period_row(account: Account, period: Period, source: Source) -> FinancialPeriod:
    """The row of the period, made with its nine blanks when it is new; the source stays as it was where nothing new is said."""
    said = {
        "source_kind": source.kind,
        "source": source.text,
        "url": source.url,
        "as_of": source.as_of,
        "starts_on": period.starts_on,
    }
    row, is_new = FinancialPeriod.objects.get_or_create(
        account=account,
        ends_on=period.ends_on,
        quarter=period.quarter,
        defaults={**said, "basis": source.basis},
    )
    if is_new:
        with_blanks(row)
    elif source.text:
        FinancialPeriod.objects.filter(pk=row.pk).update(
            basis=source.basis, **{name: value for name, value in said.items() if value}
        )
    return row


def with_blanks(row: FinancialPeriod) -> FinancialPeriod:
    """A new period with a blank for each of its lines, so that what is unknown can be seen and filled."""
    FinancialFigure.objects.bulk_create(
        FinancialFigure(account=row.account, financial_period=row, line=key) for key in KEYS
    )
    return row
