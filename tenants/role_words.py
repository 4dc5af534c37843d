"""役割でできること in plain words, drawn from the one table of permissions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from tenants.permissions import REACH, Reach
from tenants.roles import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = (Role.ADMIN, Role.MANAGER, Role.CSM, Role.SALES, Role.CONTRIBUTOR, Role.VIEWER)

REACHES = {
    Reach.ALL: _("できる"),
    Reach.OWN: _("担当"),
    Reach.COMMERCIAL: _("営業担当"),
    Reach.ASSIGNED: _("任された分"),
    Reach.NONE: _("できない"),
}

WORDS: "dict[StrOrPromise, tuple[str, ...]]" = {
    _("お客様を読む"): ("account.read", "history.read", "plan.read", "health.read", "cta.read"),
    _("お客様を加える"): ("account.add",),
    _("基本情報を書く"): ("account.edit", "person.edit", "contract.edit"),
    _("担当を替える"): ("account.assign",),
    _("重複したお客様をまとめる"): ("account.merge",),
    _("活動を書く"): ("activity.write",),
    _("プランを書く"): ("plan.edit",),
    _("プランにコメントする"): ("plan.comment",),
    _("プランを承認する、差し戻す"): ("plan.review",),
    _("アクションを進める"): ("action.progress",),
    _("CTAを片づける"): ("cta.handle",),
    _("書き出す"): ("account.export",),
    _("取り込む"): ("account.import",),
    _("ルールを見る"): ("rule.read",),
    _("ルールを決める"): ("rule.edit",),
    _("製品、指標、プランのひな型を決める"): ("product.edit", "metric.edit", "plan_template.edit"),
    _("人を招く"): ("member.invite",),
    _("休みと代理を入れる"): ("member.leave",),
    _("役割を変える、人を外す"): ("member.edit", "member.remove"),
    _("個人のデータを渡す、消す"): ("person.hand_over", "person.erase"),
    _("会社の設定を見る"): ("tenant.read",),
    _("会社の設定と基本情報シートの項目を変える"): ("tenant.edit", "sheet.edit"),
    _("処理の記録を見る"): ("work.read",),
}
# Not told: everybody's own corner, the lists that lead elsewhere, and what follows from inviting.
SILENT = {
    "self.use", "account.list", "member.read", "bin.read", "invitation.handle", "token.revoke", "member.history",
    "product.read", "metric.read", "plan_template.read", "draft.write", "account.follow", "notice.read", "comment.edit",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    label: Any
    cells: list[tuple[str, Any]]  # the reach and its word, per role shown


def table() -> list[Row]:
    """One row per thing to do. Actions told together must reach equally far (a test keeps them so)."""
    return [
        Row(label, [(reach.value, REACHES[reach]) for reach in (REACH[actions[0]][role] for role in SHOWN)])
        for label, actions in WORDS.items()
    ]


def sentence(role: str) -> Any:
    """What a role may do, in one line, for the invitation."""
    return {
        Role.ADMIN: _("すべてを読み書きし、設定と人を決めます"),
        Role.MANAGER: _("すべてのお客様を読み書きし、担当とルールを決めます"),
        Role.CSM: _("担当のお客様を読み書きできます"),
        Role.SALES: _("営業担当のお客様を読み書きできます"),
        Role.CONTRIBUTOR: _("任されたアクションのあるお客様を読み、書きます"),
        Role.VIEWER: _("すべてのお客様を読めます。書くことはできません"),
    }.get(Role(role), "")
