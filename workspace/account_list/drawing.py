"""The markup of the rows of the account list. Python and not a template: fifty rows of forty tags took half the page.

Every value passes ``fill``, so what people typed is escaped here as it is everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ui.markup import fill, joined
from ui.wording import man_yen, table_date
from workspace.account_list.rows import Row

NOTHING = mark_safe("")

ROW = (
    '<tr data-row id="a-{pk}">{pick}<td class="c-name" title="{name}"><a href="{url}{pk}/" data-open>{name}</a>'
    '<small>{industry}</small></td>{csm}<td class="c-health"><span class="hcell">{health}{spark}{delta}</span></td>'
    '<td class="r c-arr">{arr}{deployed}</td><td class="r c-renew">{renewal}</td><td class="c-fy"><span class="fycell">{strip}'
    '<span class="num">{closing}</span></span></td><td class="c-seal"><span class="seals">{decider}{champion}</span>'
    '</td><td class="r c-reso">{resolution}</td><td class="c-smart">{smart}</td><td class="r c-note">{note}</td></tr>'
)
PICK = (
    '<td class="pick"><input type="checkbox" name="account" value="{pk}" data-pick data-row-key="x"'
    ' data-key-label="{label}" aria-label="{said}"></td>'
)
CSM = '<td class="c-csm" data-l="{label}">{name}</td>'
BLANK = '<span class="blank">{said}</span>'
LABELLED_BLANK = '<span class="blank" data-l="{label}">{said}</span>'
RESOLUTION = '<span class="num" data-l="{label}" title="{said}">{percent}%</span>'
RISK = '<span class="t-risk">{said}</span>'


@dataclass(frozen=True)
class Drawing:
    """How rows are drawn on one page; the words are looked up once, not once per row."""

    url: str
    is_pickable: bool
    has_csm: bool
    blank: str = field(default_factory=lambda: _("未入力"))
    no_plan: str = field(default_factory=lambda: _("未作成"))
    plan: str = field(default_factory=lambda: _("プラン"))
    renewal: str = field(default_factory=lambda: _("更新日"))
    deployed: str = field(default_factory=lambda: _("展開 %(n)s%%"))
    nobody: str = field(default_factory=lambda: _("担当なし"))
    csm: str = field(default_factory=lambda: _("担当"))
    resolution: str = field(default_factory=lambda: _("解像度"))
    halves: str = field(default_factory=lambda: _("オペレーション %(operation)s%%、組織 %(organisation)s%%"))
    pick: str = field(default_factory=lambda: _("選ぶ"))
    pick_it: str = field(default_factory=lambda: _("%(name)sを選ぶ"))

    def rows(self, rows: Iterable[Row]) -> SafeString:
        return joined((self.row(row) for row in rows), "\n")

    def row(self, row: Row) -> SafeString:
        return fill(
            ROW,
            pk=row.pk,
            name=row.name,
            url=self.url,
            industry=row.industry,
            pick=self._pick(row),
            csm=fill(CSM, label=self.csm, name=row.csm or self.nobody) if self.has_csm else NOTHING,
            health=row.health_mark,
            spark=row.spark,
            delta=row.delta,
            arr=fill(BLANK, said=self.blank) if row.arr is None else man_yen(row.arr),
            deployed=self._deployed(row),
            renewal=self._renewal(row),
            strip=row.strip,
            closing=row.closing_label or self.blank,
            decider=row.decider,
            champion=row.champion,
            resolution=self._resolution(row),
            smart=row.smart_mark if row.smart else fill(LABELLED_BLANK, label=self.plan, said=self.no_plan),
            note=fill(RISK, said=row.noted) if row.is_silent else row.noted,
        )

    def _resolution(self, row: Row) -> SafeString:
        if row.resolution is None:
            return NOTHING
        halves = {"operation": row.resolution.operation, "organisation": row.resolution.organisation}
        said = self.halves % halves
        return fill(RESOLUTION, label=self.resolution, said=said, percent=row.resolution.percent)

    def _pick(self, row: Row) -> SafeString:
        if not self.is_pickable:
            return NOTHING
        return fill(PICK, pk=row.pk, label=self.pick, said=self.pick_it % {"name": row.name})

    def _deployed(self, row: Row) -> SafeString:
        if row.deployment is None:
            return NOTHING
        return fill("<small>{said}</small>", said=self.deployed % {"n": row.deployment})

    def _renewal(self, row: Row) -> SafeString:
        if not row.renews_on:
            return fill(LABELLED_BLANK, label=self.renewal, said=self.blank)
        near = mark_safe(' class="t-risk"') if row.is_renewal_near else NOTHING
        return fill(
            "{day}<small{near}>{left}</small>", day=table_date(row.renews_on), near=near, left=row.left
        )
