"""Sentences that scripts say. Python holds them so that they are translated like every other string."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "dirty": _("未保存の変更"),
    "saving": _("保存中…"),
    "saved": _("保存済み {time}"),
    "draft_saved": _("下書きを保存しました {time}"),
    "draft_branched": _("別の画面の下書きと分けて残します"),
    "draft_waits": _("下書きはまだ保存していません。もう一度試します"),
    "error": _("保存できませんでした。{seconds}秒後にもう一度試します"),
    "offline": _("オフライン。書いた内容はこのページに残っています"),
    "conflict": _("ほかの人の変更と食い違っています"),
    "refused": _("保存していません。赤い欄の説明を見てください"),
    "forbidden": _("この欄を変える役割ではありません。書いた内容はこのページに残っています"),
    "gone": _("この記録は見つかりません。書いた内容はこのページに残っています"),
    "signed_out": _("サインインし直すと保存できます。書いた内容はこのページに残っています"),
    "refused_value": _("保存できませんでした。値を直してください"),
    "undo": _("元に戻す"),
    "undo_failed": _("元に戻せませんでした。もう一度お試しください"),
    "close": _("閉じる"),
    "not_allowed": _("この操作をする役割ではありません"),
    "not_found": _("見つかりませんでした。ほかの人が消したのかもしれません"),
    "no_room": _("いまは入りきりません。どれと入れ替えるかを選んでください"),
    "no_answer": _("通信できませんでした。書いた内容は残っています"),
    "server_error": _("処理できませんでした。少し待って、もう一度お試しください"),
    "copied": _("写しました"),
    "selected": _("{count}件を選択"),
    "no_match": _("「{query}」に合うものはありません"),
    "key_next": _("次へ移動"),
    "key_previous": _("前へ移動"),
    "key_open": _("開く"),
    "key_palette": _("検索・移動"),
    "key_save": _("すぐに保存"),
    "key_leave": _("やめる"),
    "key_help": _("すべてのキー"),
}
