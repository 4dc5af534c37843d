"""What each finding is called, how much it matters, and what a person can do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .findings import Finding


class Severity(StrEnum):
    """ERROR leaves the row out, WARNING leaves a value out or open, NOTE says how something was read."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Words:
    """The heading over all findings of a code, and the sentence for one of them."""

    severity: Severity
    title: str
    message: str


def _error(title: str, message: str) -> Words:
    return Words(Severity.ERROR, title, message)


def _warning(title: str, message: str) -> Words:
    return Words(Severity.WARNING, title, message)


def _note(title: str, message: str) -> Words:
    return Words(Severity.NOTE, title, message)


WORDS: dict[str, Words] = {
    # The file as a whole: nothing of it can be read
    "file_empty": _error(_("ファイルが空です"), _("中身のあるファイルを選んでください。")),
    "file_too_big": _error(
        _("ファイルが大きすぎます"), _("%(size)sMBあります。%(most)sMBまでに分けて、順に取り込んでください。")
    ),
    "file_too_heavy": _error(
        _("読み取りを途中で止めました"),
        _("読むのに使うメモリか時間が上限を超えました。行か列を減らすか、CSVで保存し直してください。"),
    ),
    "file_kind_unknown": _error(
        _("この種類のファイルは読めません"),
        _("「%(ending)s」は読めません。.csv、.tsv、.xlsxのどれかで保存してください。"),
    ),
    "file_kind_mismatch": _error(
        _("名前と中身が合いません"),
        _("名前は%(ending)sですが、中身は別の種類です。元のソフトで開き、CSVか.xlsxで保存し直してください。"),
    ),
    "file_is_xls": _error(
        _("古い形式のExcelファイルです"), _("Excelで開き、「Excelブック(.xlsx)」で保存し直してください。")
    ),
    "file_encrypted": _error(
        _("パスワードで守られています"), _("Excelでパスワードを外して保存してから、選び直してください。")
    ),
    "workbook_unreadable": _error(
        _("Excelファイルが壊れています"),
        _("Excelで開けるか確かめ、別の名前で保存し直してください(%(reason)s)。"),
    ),
    "row_unreadable": _error(
        _("Excelファイルに読めない値があります"),
        _("%(line)s行目の値が読めません(%(reason)s)。Excelで開き、その行を確かめて、保存し直してください。"),
    ),
    "zip_macro": _error(
        _("マクロを含んでいます"), _("「%(name)s」があります。マクロなしの.xlsxかCSVで保存し直してください。")
    ),
    "zip_external_links": _error(
        _("ほかのファイルへのリンクを含んでいます"),
        _("Excelの「データ › リンクの編集」でリンクを解除し、保存し直してください。"),
    ),
    "zip_nested": _error(
        _("ファイルの中に別のファイルが入っています"),
        _("「%(name)s」があります。表だけを新しいブックに写して保存してください。"),
    ),
    "zip_entries": _error(
        _("部品が多すぎるExcelファイルです"),
        _("%(found)s個あります(%(most)s個まで)。CSVで保存し直してください。"),
    ),
    "zip_unpacked": _error(
        _("開くと大きすぎるExcelファイルです"),
        _("開くと%(most)sMBを超えます。行を分けるか、CSVで保存し直してください。"),
    ),
    "zip_ratio": _error(
        _("不自然に圧縮されたExcelファイルです"),
        _("%(most)s倍を超えて膨らみます。CSVで保存し直してください。"),
    ),
    "nul_byte": _error(
        _("文字ではない値が混ざっています"),
        _("%(line)s行目に、文字として読めない値(NUL)があります。書き出し直してください。"),
    ),
    "encoding_wrong": _error(
        _("その文字コードでは読めません"),
        _("%(encoding)sとしては読めません。別の文字コードを選んでください。"),
    ),
    "encoding_unknown": _error(
        _("文字コードがわかりません"),
        _("「CSV UTF-8」で保存し直してください。Excelなら、保存のときに選べます。"),
    ),
    "encoding_mixed": _error(
        _("文字コードの違う行があります"),
        _(
            "%(line)s行目は、ほかの行と違う文字コード(UTF-8)で書かれているようです。"
            "ファイル全体を「CSV UTF-8」で保存し直してください。"
        ),
    ),
    "character_unreadable": _error(
        _("文字として読めない値があります"),
        _("%(column)sに、文字ではない記号(制御文字)が混ざっています。打ち直してください。"),
    ),
    "zip_paths": _error(
        _("ファイルの中の名前が不自然です"),
        _("「%(name)s」があります。Excelで開き、別の名前で保存し直してください。"),
    ),
    "no_header": _error(
        _("見出しの行が見つかりません"), _("列の名前を1行に書いて、表のすぐ上に置いてください。")
    ),
    "no_rows": _error(_("データの行がありません"), _("見出しの下に、1行以上のデータを入れてください。")),
    "too_many_columns": _error(
        _("列が多すぎます"), _("%(columns)s列あります(%(most)s列まで)。要らない列を消してください。")
    ),
    "too_many_rows": _error(_("行が多すぎます"), _("%(most)s行までに分けて、順に取り込んでください。")),
    "too_much_text": _error(
        _("文字が多すぎます"),
        _("%(line)s行目までで%(most)s文字を超えました。長い文章の列を消すか、行を分けて取り込んでください。"),
    ),
    "too_many_sheets": _error(
        _("シートが多すぎます"), _("%(most)s枚までです。取り込むシートだけを新しいブックに写してください。")
    ),
    # One row: its form
    "quote_unclosed": _error(
        _("引用符が閉じていません"),
        _(
            '%(expected)s列あるはずが、%(found)s列しかありません。%(column)sの「"」を閉じるか、取り除いてください。'
        ),
    ),
    "quote_misplaced": _error(
        _("引用符の場所がおかしい行です"), _('値の中の「"」は「""」と二つ重ねて書いてください。')
    ),
    "columns_missing": _error(
        _("列が足りません"),
        _("%(expected)s列あるはずが、%(found)s列しかありません。%(column)sから後を補ってください。"),
    ),
    "columns_too_many": _error(
        _("列が多すぎる行です"),
        _('%(expected)s列のはずが、%(found)s列あります。値の中の区切り文字を、引用符「"」で囲んでください。'),
    ),
    "cell_too_long": _error(
        _("長すぎる値です"), _("%(column)sが%(most)s字を超えています。短くしてください。")
    ),
    "formula_without_value": _error(
        _("計算結果のない式です"),
        _("式「%(value)s」の結果が保存されていません。Excelで開いて保存し直すか、値にしてください。"),
    ),
    # One cell: its value
    "name_missing": _error(
        _("名前がありません"), _("%(column)sを入れてください。名前のない行は取り込めません。")
    ),
    "text_too_long": _error(
        _("文字数が多すぎます"), _("%(column)sは%(most)s字までです(いま%(found)s字)。短くしてください。")
    ),
    "number_unreadable": _error(_("数字として読めません"), _("「%(value)s」を数字で入れてください。例:5500")),
    "number_separators": _error(
        _("桁区切りが読めません"),
        _("「%(value)s」は小数なのか桁区切りなのか決められません。カンマを取って入れてください。"),
    ),
    "number_not_whole": _error(_("整数ではありません"), _("「%(value)s」を整数で入れてください。")),
    "number_negative": _error(_("負の数は入りません"), _("「%(value)s」を0以上の数で入れてください。")),
    "number_too_big": _error(
        _("大きすぎる数です"), _("「%(value)s」は桁が多すぎます。単位を確かめてください。")
    ),
    "date_unreadable": _error(
        _("日付として読めません"), _("「%(value)s」を2026/11/19のように入れてください。")
    ),
    "date_impossible": _error(_("その日付は暦にありません"), _("「%(value)s」の月と日を確かめてください。")),
    "date_ambiguous": _error(
        _("月と日の順が決められません"),
        _("「%(value)s」は、どちらが月か決められません。2026/11/19のように入れてください。"),
    ),
    "date_serial": _note(
        _("Excelの日付の番号を日付と読みました"), _("「%(value)s」を%(date)sと読みました。")
    ),
    "boolean_unreadable": _error(
        _("はい・いいえとして読めません"),
        _("「%(value)s」を「はい」か「いいえ」で入れてください。有・無、○・×も読めます。"),
    ),
    "choice_unknown": _error(
        _("選べる値にありません"), _("「%(value)s」はありません。%(choices)sのどれかで入れてください。")
    ),
    "email_shape": _error(
        _("メールアドレスの形ではありません"), _("「%(value)s」を、名前@会社.jp の形で入れてください。")
    ),
    "corporate_number_check_digit": _error(
        _("法人番号の検査数字が合いません"),
        _(
            "先頭の1桁は、残り12桁から決まります。%(rest)sなら先頭は%(expected)sです。写し間違いかもしれません。"
        ),
    ),
    "corporate_number_length": _error(
        _("法人番号が13桁ではありません"),
        _("「%(value)s」を13桁で入れてください。先頭の0が消えていないか確かめてください。"),
    ),
    "corporate_number_characters": _error(
        _("法人番号に数字以外があります"),
        _("「%(value)s」を13桁の数字で入れてください。Excelでは列を「文字列」にしてください。"),
    ),
    "securities_code_shape": _error(
        _("証券コードの形ではありません"), _("「%(value)s」を4桁で入れてください。例:7203")
    ),
    "edinet_code_shape": _error(
        _("EDINETコードの形ではありません"), _("「%(value)s」を、Eと5桁の数字で入れてください。")
    ),
    "closing_unreadable": _error(
        _("決算日として読めません"),
        _("「%(value)s」を「3月31日」「3月末」のように入れるか、空にしてください。"),
    ),
    "closing_impossible": _error(
        _("その決算日は暦にありません"), _("「%(value)s」の月と日を確かめてください。")
    ),
    "closing_missing": _warning(
        _("決算日が空です"),
        _("3月とは決めつけません。空けて入れます。予算期は、決算日が入るまで計算しません。"),
    ),
    "closing_month_end": _note(
        _("「月末」を月の最後の日と読みました"), _("「%(value)s」を%(month)s月の最後の日と読みました。")
    ),
    "closing_february": _note(
        _("2月の末を月末と読みました"),
        _("「%(value)s」を2月の最後の日と読みました。うるう年は2月29日になります。"),
    ),
    "closing_mid_month": _note(
        _("月の途中の決算日です"),
        _("「%(value)s」を%(month)s月%(day)s日決算として入れます。月末にはしません。"),
    ),
    # Against the other rows and what is stored
    "duplicate_in_file": _error(
        _("同じ番号を名乗る行があります"),
        _(
            "%(column)sが%(lines)s行目と同じです。どちらが正しいかは、このファイルからは決められません。片方を直してください。"
        ),
    ),
    "twice_in_file": _error(
        _("同じ人の行があります"),
        _("同じお客様の同じお名前が、%(lines)s行目にもあります。使うほうを選んでください。"),
    ),
    "account_missing": _error(
        _("どのお客様の人かわかりません"), _("会社名か、お客様の番号を入れてください。")
    ),
    "account_unknown": _error(
        _("そのお客様は登録されていません"),
        _("「%(value)s」に当たるアカウントがありません。先にアカウントを加えるか、名前を直してください。"),
    ),
    "account_ambiguous": _error(
        _("お客様がひとつに決まりません"),
        _("「%(value)s」に当たるアカウントが%(found)s社あります。番号の列で入れてください。"),
    ),
    "account_conflict": _error(
        _("会社名と番号が別のお客様を指しています"), _("会社名か番号のどちらかを直してください。")
    ),
    "metric_unknown": _error(
        _("その指標は決められていません"),
        _("「%(value)s」という名前やキーの指標がありません。設定の「指標」で加えるか、直してください。"),
    ),
    "metric_retired": _error(
        _("もう使わない指標です"),
        _("「%(value)s」は、使わないことにした指標です。設定の「指標」で戻すか、行を外してください。"),
    ),
    "unit_unknown": _error(
        _("その部門はお客様にありません"),
        _("「%(value)s」という部門がありません。事業環境の「部門」に加えるか、空(全社)にしてください。"),
    ),
    "sample_without_account": _error(
        _("どのお客様の値かわかりません"), _("会社名か、お客様の番号を入れてください。")
    ),
    "cell_missing": _error(_("空の欄があります"), _("%(column)sを入れてください。")),
    "sample_to_come": _error(
        _("まだ来ていない日の値です"), _("「%(value)s」は今日より後です。日付を確かめてください。")
    ),
    "period_without_closing": _error(
        _("四半期の終わりの日が決まりません"),
        _("お客様の決算月がまだ空です。基本情報に決算月を入れるか、月の表で取り込んでください。"),
    ),
    "unit_differs": _error(
        _("指標の単位と違います"),
        _(
            "「%(value)s」は、この指標の単位ではありません。値を直すか、設定の「指標」で単位を確かめてください。"
        ),
    ),
    "sample_twice": _error(
        _("同じ日の値が二つあります"),
        _("同じお客様の同じ指標の同じ日が、%(lines)s行目にもあります。使うほうを選んでください。"),
    ),
    "value_absent": _warning(_("値のない行です"), _("測っていない日は、0にせず、入れません。")),
    "matches_two": _error(
        _("二つのアカウントに当てはまります"),
        _("%(keys)sが、別々のアカウント(%(names)s)を指しています。どちらかの番号を直してください。"),
    ),
    "same_record_twice": _error(
        _("同じアカウントを指す行があります"),
        _("番号は違いますが、%(lines)s行目と同じアカウントを指しています。どちらか一方にしてください。"),
    ),
    "same_name": _note(
        _("同じ名前のアカウントがあります"),
        _(
            "「%(value)s」はもうありますが、番号では同じと確かめられません。名前だけではまとめず、新しく入れます。"
        ),
    ),
    "parent_unknown": _warning(
        _("親会社が見つかりません"),
        _("「%(value)s」に当たるアカウントも、このファイルの行もありません。親会社なしで入れます。"),
    ),
    "parent_ambiguous": _warning(
        _("親会社がひとつに決まりません"),
        _("「%(value)s」に当たる会社が%(found)s社あります。番号で入れてください。親会社なしで入れます。"),
    ),
    "parent_circle": _error(
        _("親会社が輪になります"),
        _("親会社をたどると、この会社に戻ります(%(names)s)。どこかの親会社の列を直してください。"),
    ),
    "parent_too_deep": _error(
        _("親会社が深すぎます"), _("上に%(most)s社より多く並びます。親会社の列を確かめてください。")
    ),
    "parent_left_out": _warning(
        _("親会社の行が入りません"),
        _("親会社は%(value)s行目ですが、その行は入れません。親会社なしで入れます。"),
    ),
    "member_unknown": _warning(
        _("担当者が見つかりません"), _("「%(value)s」に当たるメンバーがいません。担当なしで入れます。")
    ),
    "member_ambiguous": _warning(
        _("担当者が一人に決まりません"),
        _(
            "「%(value)s」に当たるメンバーが%(found)s人います。メールアドレスで入れてください。担当なしで入れます。"
        ),
    ),
    "individual": _warning(
        _("個人は入れません"), _("提出者種別が「%(value)s」の行は、会社ではないので入れません。")
    ),
}


def words_of(code: str) -> Words:
    return WORDS[code]


def message_of(finding: Finding) -> str:
    """The sentence for one finding, in the language of the reader."""
    known: Mapping[str, Any] = {
        **finding.params,
        "line": finding.line,
        "column": finding.column,
        "value": finding.value.strip(),
    }
    return gettext(WORDS[finding.code].message) % known


def title_of(code: str) -> str:
    return gettext(WORDS[code].title)


def severity_of(code: str) -> Severity:
    return WORDS[code].severity
