"""The lines of the statements that Masume keeps, and what to look at in each (S1 1.8, 1.44)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Line:
    """``is_stock``: a state at the period's end; otherwise a flow over the period. ``may_be_negative`` as the name says.
    ``look`` is the inline help: what this line tells somebody who plans with the customer."""

    key: str
    label: "StrOrPromise"
    look: "StrOrPromise"
    is_stock: bool = False
    may_be_negative: bool = False


LINES: tuple[Line, ...] = (
    Line("revenue", _("売上高"), _("3年以上の向きを見ます。伸びが止まった年に何があったかを聞くと、経営課題に届きます")),
    Line(
        "operating_profit",
        _("営業利益"),
        _("本業のもうけです。率(営業利益÷売上高)を中期計画の目標と並べて見ます"),
        may_be_negative=True,
    ),
    Line(
        "ebitda",
        "EBITDA",
        _("営業利益に償却費を足し戻した額です。投資の多い会社どうしを比べるときに見ます"),
        may_be_negative=True,
    ),
    Line("sga", _("販管費"), _("売上高に対する率が上がり続けていれば、費用を抑える話が出やすくなります")),
    Line(
        "operating_cf",
        _("営業CF"),
        _("本業で入った現金です。利益が出ていてもここが細い年は、支払いに慎重になります"),
        may_be_negative=True,
    ),
    Line(
        "investing_cf",
        _("投資CF"),
        _("マイナスは投資にお金を使ったことを表します。営業CFの範囲で増えていれば、投資に前向きな時期です"),
        may_be_negative=True,
    ),
    Line("cash", _("現金"), _("手元の現金と同等物です。月の売上高の何か月分かで見ます"), is_stock=True),
    Line("assets", _("総資産"), _("会社の大きさです。売上高より速く増えていれば、中身(在庫、のれん)を確かめます"), is_stock=True),
    Line(
        "equity",
        _("純資産"),
        _("総資産に占める割合が、財務の余裕を表します。マイナスは債務超過です"),
        is_stock=True,
        may_be_negative=True,
    ),
)  # fmt: skip

BY_KEY = {line.key: line for line in LINES}
KEYS = tuple(BY_KEY)
