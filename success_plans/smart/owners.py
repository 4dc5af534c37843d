"""Who does it: a person, or a department with a post. Whoever only receives something is nobody who does it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from success_plans.smart.folding import fold
from success_plans.smart.words import Word, words_of

TITLE = (
    "本部長|事業部長|部門長|支社長|支店長|工場長|営業所長|センター長|施設長|副部長|部長|次長|課長|係長|室長|局長|所長|店長|師長|院長|校長|理事長|主任|主幹|主査|"
    "班長|リーダー|マネージャー|マネジャー|スーパーバイザー|責任者|取締役|専務|常務|社長|CIO|CFO|CEO|CTO|COO"
)
AFTER_TITLE = re.compile(
    rf"(?:{TITLE}|(?:部|課|室|担当|CSM|グループ|チーム)\s)\s?(?P<name>[一-龥]{{1,4}}?)(?=が|は|、|:|→|より)"
)
POST = re.compile(rf"(?:[一-龥ァ-ヶーA-Za-z]{{1,12}}\s?)(?:{TITLE})|(?:CIO|CFO|CEO|CTO|COO)")
HONORIFIC = re.compile(r"[一-龥ァ-ヶぁ-ん]{1,5}?(?:様|さん|氏|殿)(?!式)")
WITH_ROLE = re.compile(
    r"(?:CSM|CS|SE|PM|担当|営業|サポート)\s?[::]?\s?(?P<name>[一-龥]{2,3})(?=が|は|、|:|→|\)|$|。|より|にて)"
)
NOT_NAMES = re.compile(
    r"(?:お客|皆|各|先方|御社|貴社|担当者|関係者|部|課|室|担当|内容|資料|仕)(?:様|さん|氏|殿)?$"
)
DOES = re.compile(
    r"^(?:様|さん|氏|殿)?\s?(?:\([^)]*\))?\s?(?:が|は|、|:|→|より|にて|主担当|\)|$|。|/|から(?!の))"
)
GETS = re.compile(r"^(?:様|さん|氏|殿)?(?:へ|に|宛|の|と|を|や|・)")
IN_CHARGE = re.compile(
    r"(?:担当者?|誰が|だれが|誰|主体|実施者?|責任者|オーナー|主担当|起票|作業者)(?:は|:|\s|=|・)\s?(?:[^、。()]{0,12})$"
)
VAGUE = re.compile(
    r"各[^、。:()]{1,8}(?:の担当|店|校|拠点|支部)(?:が|は|で|:)|担当者?(?:が|で|は|間|同士|、|にて|$)|関係者|両社|両者|双方|各自|各部署?|各社|各位|皆(?:で|が|様)|全員(?:で|が)|メンバー(?:で|が)|チーム(?:が|で|は|、|にて)|誰か|(?:弊社|当社|自社|先方|お客様|現場|事務局|ベンダー)(?:側)?(?:が|で|は|にて|と)|"
    r"[一-龥ァ-ヶー]{0,8}(?:部|課|室|部門|部署|本部|グループ|情シス|センター|事務所|事務局|委員会|チーム|支店|支社|店舗|工場|本社|子会社|ベンダー|代理店|協力会社|パートナー|総務|経理|人事|法務|広報|現場|管理者|推進役|有志|一同)(?:側)?(?:が|は|にて|から|より|:|、(?!.*(?:様|さん)))"
)
VAGUE_ENGLISH = re.compile(
    r"\b(?:someone|somebody|anyone|everyone|everybody|we|they|both\s(?:sides|parties|companies|teams)|all\s(?:parties|members)|stakeholders|"
    r"(?:the\s)?(?:\w+\s){0,2}(?:team|department|staff|side|vendor|people|users|group)|(?:the\s)?customer(?:'s)?(?:\s(?:it|hr|finance|sales|side))?|our\sside|it|sales|finance|marketing|hr|operations|csm|csms)\b",
    re.IGNORECASE | re.ASCII,
)
PERSON_ENGLISH = re.compile(
    r"(?<![\w.])(?:(?:Mr|Ms|Mrs|Dr)\.?\s)?(?P<name>(?:[A-Z]\.\s?){1,2}[A-Z][\w'-]+|[A-Z][a-z]+\s(?:[A-Z]\.\s)?(?:van\s|de\s|von\s|O')?[A-Z][a-z'-]+)"
)
POST_ENGLISH = re.compile(
    r"(?<![\w'])(?P<post>(?:(?-i:[A-Z])[\w&/-]*\s){0,3}(?:manager|lead|leader|head|director|supervisor|controller|admin(?:istrator)?|engineer|officer|president|chief|coordinator|owner|analyst|accountant|buyer|trainer|specialist|VP|CIO|CFO|CEO|CTO|COO)(?:\sof\s[A-Z]\w+)?)\b",
    re.IGNORECASE | re.ASCII,
)
THEIR_POST = re.compile(
    r"^(?:The\s)?(?:customer|client|company|vendor)(?:'s)?\s(?P<post>[A-Z][a-z]{3,}(?:\s[A-Z][a-z]+)*)(?=\s[a-z])"
)
RECEIVED = re.compile(
    r"\b(?:to|with|from|for|by the|cc)\s(?:the\s)?(?:customer(?:'s)?\s)?$", re.IGNORECASE | re.ASCII
)
LEAD = 3
OPENINGS = {"Health Score", "Business Review", "Customer Success"}


@dataclass(frozen=True)
class Owner:
    """``is_vague`` for somebody whom nobody could ring up: 両社, 担当者, the vendor team."""

    name: str
    start: int
    end: int
    is_vague: bool = False


def owner_in(text: str, words: Sequence[Word]) -> Owner | None:
    if not words:
        return _english_owner(text)
    for start, end in sorted(_candidates(text, words)):
        if _does(text, start, end):
            return Owner(_named(text, start, end), start, end)
    vague = VAGUE.search(text)
    return Owner(vague[0], *vague.span(), is_vague=True) if vague else None


def owner_given(given: str) -> Owner | None:
    """What stands in the field: a person or a post, else vague."""
    text = fold(given).text.strip()
    if not text:
        return None
    words = words_of(text) if fold(given).is_japanese else ()
    known = any(_candidates(text, words)) if words else _is_named(text)
    return Owner(text, 0, len(text), is_vague=not known)


def _is_named(text: str) -> bool:
    if PERSON_ENGLISH.search(text) or POST_ENGLISH.search(text):
        return True
    return not VAGUE_ENGLISH.search(text) and bool(re.search(r"[A-Z][a-z]{2,}", text))


def _candidates(text: str, words: Sequence[Word]) -> set[tuple[int, int]]:
    """Where somebody may be named: surnames, names with 様, posts with their department."""
    found = {(word.start, word.end) for word in words if word.is_surname}
    for match in HONORIFIC.finditer(text):
        if not NOT_NAMES.search(match[0]):
            found.add((match.start(), match.end() - (2 if match[0].endswith("さん") else 1)))
    found |= {match.span() for match in POST.finditer(text)}
    found |= {
        match.span("name") for match in AFTER_TITLE.finditer(text) if not NOT_NAMES.search(match["name"])
    }
    found |= {match.span("name") for match in WITH_ROLE.finditer(text) if not NOT_NAMES.search(match["name"])}
    return found


def _does(text: str, start: int, end: int) -> bool:
    after, before = text[end:], text[:start]
    if IN_CHARGE.search(before):
        return True
    if GETS.match(after) or not DOES.match(after):
        return False
    plain = re.match(r"^(?:様|さん|氏|殿)?\s?(?:が|は|:|→|より|にて)", after)
    if plain or re.match(r"^(?:様|さん|氏|殿)?\s?\(", after):
        return True
    opened = before.rfind("(") > before.rfind(")")
    segment = re.split(r"[。/・;「」]", re.sub(r"\([^)]*\)", "", before))[-1]
    return opened or not re.search(r"[、にをへとでがは]", segment)


def _named(text: str, start: int, end: int) -> str:
    """With the department and role before it, and the honorific after it."""
    lead = re.search(r"(?:[^、。()「」/:→はがにをへ]{0,20})$", text[:start])
    tail = re.match(r"様|さん|氏|殿", text[end:])
    name = f"{lead[0] if lead else ''}{text[start:end]}{tail[0] if tail else ''}"
    name = re.sub(r"^(?:担当者?|主担当|実施者?|社内)[\s::]*", "", name.strip())
    return re.sub(r"^(CSM|SE|PM)(?=[一-龥])", r"\1 ", name)


def _english_owner(text: str) -> Owner | None:
    for match in PERSON_ENGLISH.finditer(text):
        if (
            match["name"] not in OPENINGS
            and not RECEIVED.search(text[: match.start()])
            and _opens(text, match.start())
        ):
            return Owner(match["name"], *match.span("name"))
    for match in POST_ENGLISH.finditer(text):
        if not RECEIVED.search(text[: match.start()]) and _opens(text, match.start()):
            return Owner(re.sub(r"^(?:The\s|Customer\s)", "", match["post"]), *match.span("post"))
    if theirs := THEIR_POST.match(text):
        return Owner(theirs["post"], *theirs.span("post"))
    vague = VAGUE_ENGLISH.match(text)
    return Owner(vague[0], *vague.span(), is_vague=True) if vague else None


def _opens(text: str, start: int) -> bool:
    """At the beginning of a clause, with at most a post before it: Charge nurse M. Okafor."""
    lead = re.split(r"[.;,(:](?:\s|$)|\band\s", text[:start])[-1]
    return len(lead.split()) <= LEAD and not re.search(r"\b(?:to|from|with|for|by|of|in|on|at)\b", lead)
