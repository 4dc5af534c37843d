"""The files of the demo's leading customer: the copy of its ringi, and the figures sent after a meeting."""

from django.core.files.base import ContentFile

from accounts import attachments
from accounts.models import Account, Activity, Ringi
from tenants.models import Membership
from tenants.scope import tenant_scope

COPY = """稟議書(写し)
件名: {title}
決裁日: {on:%Y/%m/%d}
金額: {amount:,}円
目的: {purpose}
承認: {approvers}

約束した効果
{promises}
"""
FIGURES = """月,入電数,再問い合わせ率,応対コスト(千円)
4月,41200,22%,61800
5月,40100,21%,60150
6月,38900,20%,58350
7月,38200,19%,57300
8月,37600,19%,56400
9月,36400,18%,54600
"""
RECORD = "若槻さんと打ち合わせ"


def load_files(account: Account, key: str, member: Membership) -> None:
    """As the CSM would have put them there."""
    if key != "torei":
        return
    ringi = Ringi.objects.get(account=account)
    record = Activity.objects.filter(account=account, title=RECORD).order_by("-on").first()
    with tenant_scope(account.tenant, member=member):
        keep(account, "稟議書の写し.txt", copy_of(ringi), ringi=ringi)
        keep(account, "上期の応対コスト.csv", FIGURES, activity=record)


def keep(
    account: Account, name: str, text: str, *, activity: Activity | None = None, ringi: Ringi | None = None
) -> None:
    attachments.keep(account, ContentFile(text.encode(), name), activity=activity, ringi=ringi)


def copy_of(ringi: Ringi) -> str:
    promises = "\n".join(f"・{one.promise}({one.figure})" for one in ringi.promises.order_by("pk"))
    return COPY.format(
        title=ringi.title, on=ringi.on, amount=ringi.amount or 0, purpose=ringi.purpose,
        approvers=ringi.approvers, promises=promises,
    )  # fmt: skip
