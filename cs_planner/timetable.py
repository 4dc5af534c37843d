"""The whole night on one screen: which job, when in the tenant's own time zone, and why."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from tenants.jobs.schedule import Daily

TIMETABLE = (
    Daily("tidy", time(3, 0), _("30日を過ぎたごみ箱と、役目を終えた控えを消します")),
    Daily("import.tidy", time(3, 30), _("元に戻せる7日を過ぎた取り込みの、ファイルと控えの行を消します")),
    Daily("sheet", time(5, 30), _("基本情報の古くなった値を見つけ、解像度を数え直します")),
    Daily("drafts.tidy", time(3, 45), _("30日前に捨てた下書きを消します")),
    Daily("attachments.tidy", time(3, 15), _("ごみ箱から消えた添付や、途中で切れた添付のファイルを消します")),
    Daily("merges.tidy", time(3, 50), _("30日前にまとめたお客様の、元に戻すための控えを消します")),
    Daily("night", time(6, 0), _("ヘルスを計算し、CTAを開いて閉じ、担当者に朝のメールを用意します")),
    Daily(
        "notices.daily", time(8, 0), _("フォロー中の記録と、名前を書かれた記録を、1日1回のメールで知らせます")
    ),
)
