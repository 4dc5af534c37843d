"""M of an action: somebody else can see that it was done."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding, found
from success_plans.smart.owners import POST_ENGLISH
from success_plans.smart.reading import BRACKETS, Reading

VAGUE_END = re.compile(
    r"(?:(?:引き続き|継続的に|適宜|随時|定期的に|積極的に)?[^、。]{0,12}?(?:サポート|フォロー|フォローアップ|支援|検討|推進|強化|促進|連携|対応|調整|協力|注力|注意|留意|徹底|活性化|浸透|意識づけ|改善|最適化|働きかけ|見守り|"
    r"すり合わせ|すりあわせ|コミュニケーション|関係構築|理解促進|啓蒙|啓発|相談|協議|後押し|情報収集|キャッチアップ|議論|確認)(?:を?(?:する|して?いく|していきたい|します|進め(?:る|ていく)|図る|行う|行っていく|続ける|深める|強化する)|に努め(?:る)?)?|"
    r"(?:説明|準備|用意|整理)して(?:おく|いく)|(?:一気に|一通り|全部|しっかり)?やる|(?:取り組|努め|見守|寄り添|進め|深め|図|働きかけ|巻き込|盛り上げ|見守|詰め)[ぁ-ん]*|"
    r"(?:理解|納得|分かっ|わかっ|知っ|実感|満足|安心|認識|意識)して?(?:もらう|いただく|もらえるようにする)|(?:ように(?:する|注意する|気をつける|努める)))$"
)
VAGUE_ENGLISH = re.compile(
    r"\b(?:support(?:s|ing)?|follow(?:s|ing)?[ -]up|look(?:s|ing)? into|help(?:s|ing)?|assist(?:s|ing)?|coordinat\w+|align(?:s|ing)?|work(?:s|ing)? (?:with|closely|together|on)|discuss(?:es|ing)?|explor\w+|consider(?:s|ing)?|"
    r"improv\w+|strengthen\w*|promot\w+|monitor\w*|continu\w+|engag\w+|liais\w+|check(?:s|ing)?(?: in| on)?|keep(?:s|ing)? (?:an eye|in touch|track)|touch base|think about|drive|encourag\w+|stay(?:s)? close|push|raise awareness|be aware|understand|reach out|handle|deal with|manage)\b",
    re.IGNORECASE | re.ASCII,
)
CONCRETE = re.compile(
    r"送(?:る|付|信|り)|提出|返送|返信|納品|作成|作る|作り|格納|掲示|登録|設定|発行|配布|渡(?:す|し)|回収|締結|予約|確定|開催|実施|更新|公開|添付|保存|署名|承認[印済]|押印|取得|受領|受け取|入力|移行|反映|リリース|印刷|郵送|投入|抽出|置く|完了|終え|"
    r"受講|アップ(?:ロード)?|差し替え|まとめ(?:て(?:送|提出|渡|共有フォルダ))|記入|申請|起票|集計|報告|共有(?:フォルダ|する|し)|提示|招待|録画|記録|議事録|手順書|一覧|台帳|マニュアル|資料(?:を|の)|契約書|見積|レポート|案内|メール|電話|面談|訪問|説明会|研修|試行|採点|測定|計測|貼|残す|添え|回答|決定|決める|切り?替え|(?:PDF|データ|ファイル|図|表|案|名簿|リスト)[^、。]{0,10}提供",
)
CONCRETE_ENGLISH = re.compile(
    r"\b(?:send|e-?mail|deliver|submit|return|sign|upload|publish|post|schedul|book|confirm|creat|writ|fil(?:e|es|ed|ing)\b|load|stor|run|hold|switch|deploy|attach|complet|provid|shar|export|print|migrat|configur|set|register|updat|record|present|approv|draft|"
    r"hand|train|install|import|document|agree|decid|collect|call|visit|show|demo|test|replac|enabl|activat|assign|list|prepar|produc|build|map|walk|return|issu|reply|repli|mail|ship|nominat|appoint|name|add|clos|review|sent|held|ran|built|written|shown|given|kept|brought|took|take|fix|ask|pass)(?:s|es|ed|ing|e)?\b",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    if not reading.statement.is_action:
        return
    fields = reading.statement.fields
    if fields.evidence or fields.method or fields.target is not None:
        return
    if not reading.folded.is_japanese:
        vague = VAGUE_ENGLISH.search(
            plain(reading.text),
            reading.owner.end if reading.owner else 0,
        )
        if (vague and not concrete_before(reading.text, vague)) or (
            not vague and not CONCRETE_ENGLISH.search(reading.text) and not reading.amounts
        ):
            yield found(Code.NO_DONE_CRITERION, vague)
        return
    end = VAGUE_END.search(reading.core)
    if end and not is_recorded(reading, end):
        yield Finding(Code.NO_DONE_CRITERION, places_of(reading, end[0]))
    elif not end and not CONCRETE.search(reading.text) and not reading.changes:
        yield Finding(Code.NO_DONE_CRITERION)


def plain(text: str) -> str:
    """Without posts and asides, in which support is no verb."""
    return BRACKETS.sub(blank, POST_ENGLISH.sub(blank, text))


def blank(match: re.Match[str]) -> str:
    return "-" * len(match[0])


def concrete_before(text: str, vague: re.Match[str]) -> bool:
    """A deliverable stands before or after the vague verb: 'follows up by sending the signed list'."""
    return bool(CONCRETE_ENGLISH.search(text[: vague.start()])) or bool(
        re.search(r"\bby (?:send|deliver|submitt|upload|publish)", text)
    )


def is_recorded(reading: Reading, end: re.Match[str]) -> bool:
    """Something is left behind: minutes, a table, a receipt."""
    rest = reading.text.replace(end[0], "")
    return bool(
        re.search(
            r"記録|議事録|一覧|控え|保存|添付|受領|署名|回答書|結果表|提出|送付|格納|録画|スクリーンショット|チェック表|確認印|\d+(?:件|名|社|部|枚|本|項目|ページ|回|拠点|店)",
            rest,
        )
    )


def places_of(reading: Reading, words: str) -> tuple[tuple[int, int], ...]:
    """Where the last of ``words`` stand; something in brackets may lie between them."""
    for skipped in range(len(words)):
        at = reading.text.rfind(words[skipped:])
        if at >= 0:
            return ((at, at + len(words) - skipped),)
    return ()
