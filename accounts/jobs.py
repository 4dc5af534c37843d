"""Background work of this room: the steps of an import, notices by mail, and clearing away."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import attachments, merging_accounts, notices
from accounts.importing import batches
from accounts.models import Import, NoteDraft, account_merge
from accounts.models.imports import UNDO_DAYS
from accounts.models.notice import NoticeMail
from accounts.sheet import counting
from tenants.jobs import Beat, Payload, job
from tenants.permissions import require

LABELS = {
    "import.read": _("取り込みのファイルを読む"),
    "import.look": _("取り込みの下見"),
    "import.write": _("取り込み"),
    "import.take_back": _("取り込みを元に戻す"),
}

KEPT_DRAFTS = 30
LONGEST = timedelta(hours=2)
"""For one step: a file may have a million rows."""


def _actor(payload: Payload) -> str:
    return f"import:{payload['batch']}"


def _step(name: str) -> None:
    @job(name, urgent=True, actor=_actor, label=LABELS[name], limit=LONGEST)
    def run(payload: Payload, beat: Beat) -> None:
        require("account.import")  # again: whoever asked may have lost the right meanwhile
        if batch := Import.objects.filter(pk=payload["batch"]).first():
            batches.STEPS[name](batch, beat)


for _name in batches.STEPS:
    _step(_name)


@job("import.tidy", label=_("古い取り込みの片付け"))
def tidy(payload: Payload, beat: Beat) -> None:
    """Uploaded files and their staged rows go when the import can no longer be undone."""
    batches.forget_files(timezone.now() - timedelta(days=UNDO_DAYS))


@job("sheet", label=_("解像度を数え直す"))
def count_sheets(payload: Payload, beat: Beat) -> None:
    """Values grow old overnight (R24)."""
    counting.count_all(beat.today)


@job("drafts.tidy", label=_("捨てた下書きの片付け"))
def tidy_drafts(payload: Payload, beat: Beat) -> None:
    NoteDraft.objects.filter(settled_at__lt=timezone.now() - timedelta(days=KEPT_DRAFTS)).delete()


@job("attachments.tidy", label=_("もう使われないファイルの片付け"))
def tidy_attachments(payload: Payload, beat: Beat) -> None:
    attachments.sweep(timezone.now() - timedelta(days=1))


@job("merges.tidy", label=_("まとめたお客様の控えの片付け"))
def tidy_merges(payload: Payload, beat: Beat) -> None:
    merging_accounts.forget(timezone.now() - timedelta(days=account_merge.UNDO_DAYS))


@job("notices.soon", label=_("お知らせのメール(すぐに)"))
def mail_soon(payload: Payload, beat: Beat) -> None:
    notices.mail(NoticeMail.SOON, timezone.now())


@job("notices.daily", label=_("お知らせのメール(1日1回)"))
def mail_daily(payload: Payload, beat: Beat) -> None:
    notices.mail(NoticeMail.DAILY, timezone.now())
