"""What colleagues wrote that reaches the demo's CSM: customers she follows, and records that name her."""

from dataclasses import dataclass

from accounts import notices
from accounts.models import Account, Activity, Follower
from accounts.models.activity import ActivityKind
from tenants.models import Membership
from workspace.demo.calendar import DemoCalendar

READER = "m.saeki"


@dataclass(frozen=True)
class Told:
    """A record of ``writer``; ``days`` ago."""

    writer: str
    days: int
    title: str
    body: str = ""


FOLLOWED: dict[str, tuple[Told, ...]] = {
    "kayo": (
        Told(
            "t.murai",
            1,
            "荷主向け窓口を来期から1か所に寄せる話が出た",
            "@佐伯 美咲 東嶺さんで窓口を寄せたときの段取りを教えてください。木曜の打ち合わせで使いたいです。",
        ),
    ),
    "seiran": (
        Told("r.oka", 0, "EBRの日程は来月第2週で調整中", "東さんの予定待ち。場所は先方本社。"),
        Told("h.kuzumi", 0, "更新条件の下打ち合わせを法務と始めた", "値引きではなく席数の見直しで話す。"),
    ),
}


def load_told(account: Account, company: str, calendar: DemoCalendar, members: dict[str, Membership]) -> None:
    """Nothing for a customer that nobody follows."""
    if company not in FOLLOWED:
        return
    Follower.objects.create(account=account, member=members[READER])
    for told in FOLLOWED[company]:
        notices.tell(
            Activity.objects.create(
                account=account,
                kind=ActivityKind.UPDATE,
                on=calendar.day(-told.days),
                title=told.title,
                body=told.body,
                written_by=members[told.writer],
            )
        )
