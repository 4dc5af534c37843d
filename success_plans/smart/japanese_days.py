"""2026年9月末, R8.3.31, 来期上期末, FY26 2Q末, 90日以内 …"""

import re
from datetime import date

from success_plans.smart.calendar import Calendar
from success_plans.smart.days import Form

REIWA = 2018
ERA = r"(?:令和|R\.?)\s?(?P<era>\d{1,2}|元)"
YEAR = r"'?(?P<year>\d{4}|\d{2})"
PART = r"(?:(?P<half>上期|下期|上半期|下半期|前期|後期|H[12]|[12]H)|(?:第\s?)?(?P<quarter>[1-4一二三四])\s?(?:Q|四半期)|Q(?P<q>[1-4]))"
END = r"(?:の?(?:末日?|中|内|終わり|終了))?"
OPEN = r"(?<![\d.,/年月])"
WEEKDAYS = "月火水木金土日"
UNITS = {"日": "day", "営業日": "workday", "週": "week", "週間": "week", "年": "year"}
NEXT = {"今": 0, "本": 0, "当": 0, "来": 1, "翌": 1, "次": 1, "再来": 2}
KANJI = {"一": 1, "二": 2, "三": 3, "四": 4}


def year_of(match: re.Match[str]) -> int | None:
    parts = match.groupdict()
    if era := parts.get("era"):
        return REIWA + (1 if era == "元" else int(era))
    if year := parts.get("year"):
        return int(year) + (2000 if len(year) == 2 else 0)
    return None


def month_of(match: re.Match[str]) -> int:
    return int(match["month"])


def whole_day(match: re.Match[str], calendar: Calendar) -> date | None:
    return calendar.day(year_of(match), month_of(match), int(match["day"]))


def month_end(match: re.Match[str], calendar: Calendar) -> date | None:
    return calendar.day(year_of(match), month_of(match)) if 1 <= month_of(match) <= 12 else None


def part_of(match: re.Match[str]) -> dict[str, int]:
    parts = match.groupdict()
    if half := parts.get("half"):
        return {"half": 2 if half[0] in "下後" or "2" in half else 1}
    if quarter := parts.get("quarter") or parts.get("q"):
        return {"quarter": KANJI.get(quarter) or int(quarter)}
    return {}


def fiscal_period(match: re.Match[str], calendar: Calendar) -> date:
    return calendar.period_end(year_of(match), **part_of(match))


def relative_period(match: re.Match[str], calendar: Calendar) -> date:
    """来期上期末, 今年度末, 来上期: parts of the year that is so many years ahead."""
    ahead, part = NEXT[match["which"]], part_of(match)
    if not match["year_word"] and "half" in part:
        found = calendar.period_end(calendar.fiscal_year, **part)  # 来下期 in the first half is this year's
        return found if ahead == 0 else _later_half(calendar, part["half"])
    return calendar.period_end(calendar.fiscal_year + ahead, **part)


def _later_half(calendar: Calendar, half: int) -> date:
    this = calendar.closing.half(calendar.as_of)
    return calendar.period_end(calendar.fiscal_year + (half <= this), half=half)


def next_quarter(match: re.Match[str], calendar: Calendar) -> date:
    return calendar.quarter_end(NEXT.get(match["which"] or "今", 0))


def calendar_year(match: re.Match[str], calendar: Calendar) -> date:
    return date(calendar.as_of.year + NEXT.get(match["which"] or "今", 0), 12, 31)


def next_years_month(match: re.Match[str], calendar: Calendar) -> date | None:
    year = calendar.as_of.year + NEXT[match["which"]]
    return calendar.day(year, month_of(match), int(match["day"]) if match["day"] else None)


def next_month_end(match: re.Match[str], calendar: Calendar) -> date:
    return calendar.month_end(NEXT.get(match["which"] or "今", 0))


def next_month_day(match: re.Match[str], calendar: Calendar) -> date | None:
    return calendar.month_day(int(match["day"]), NEXT[match["which"]])


def next_weekday(match: re.Match[str], calendar: Calendar) -> date:
    weekday = WEEKDAYS.index(match["weekday"]) if match["weekday"] else 4
    return calendar.weekday(weekday, NEXT[match["which"]])


def span_of_time(match: re.Match[str], calendar: Calendar) -> date:
    unit = match["unit"]
    return calendar.after(int(match["count"]), UNITS.get(unit, "month"))


def form(pattern: str, read: object, *, is_end: bool = False) -> Form:
    return Form(re.compile(pattern), read, is_end)  # type: ignore[arg-type]


DAY_ = r"(?P<day>\d{1,2})"
MONTH_ = r"(?P<month>1[0-2]|0?[1-9])"
WHICH = r"(?P<which>再来|[今本当来翌次])"
SPAN = r"(?P<count>\d{1,3})\s?(?P<unit>営業日|日|週間?|[かヶカヵケ箇]月|年)"
FORMS = [
    form(rf"{ERA}\s?[年./-]\s?{MONTH_}\s?[月./-]\s?{DAY_}日?", whole_day),
    form(rf"{ERA}\s?[年./-]\s?{MONTH_}\s?月?(?:の?末日?|中|まで)", month_end, is_end=True),
    form(rf"{ERA}\s?年度(?:の?\s?{PART})?{END}", fiscal_period, is_end=True),
    form(rf"(?<!\d)(?P<year>\d{{4}})\s?[年./-]\s?{MONTH_}\s?[月./-]\s?{DAY_}(?!\d)日?", whole_day),
    form(rf"(?<!\d){YEAR}年\s?\d{{1,2}}月\s?〜\s?{MONTH_}月(?!\d)", month_end),
    form(rf"(?<!\d){YEAR}年\s?{MONTH_}月(?:の?末日?|中)?(?![上中下初]旬|[頃ご])", month_end, is_end=True),
    form(rf"(?<!\d)(?P<year>\d{{4}})/{MONTH_}(?:末|(?![\d/]))", month_end, is_end=True),
    form(rf"(?:FY\s?'?)(?P<year>\d{{4}}|\d{{2}})(?:年度?)?\s?(?:の)?\s?{PART}{END}", fiscal_period, is_end=True),
    form(rf"{PART}\s?FY\s?'?(?P<year>\d{{4}}|\d{{2}}){END}", fiscal_period, is_end=True),
    form(rf"FY\s?'?(?P<year>\d{{4}}|\d{{2}})(?!\d)(?:年度)?{END}", fiscal_period, is_end=True),
    form(rf"(?<!\d){YEAR}年度?(?:の)?\s?{PART}{END}", fiscal_period, is_end=True),
    form(rf"(?<!\d){YEAR}年度{END}", fiscal_period, is_end=True),
    form(rf"{WHICH}(?P<year_word>期|年度)の?\s?{PART}{END}", relative_period, is_end=True),
    form(rf"{WHICH}(?P<year_word>)(?P<half>上期|下期|上半期|下半期){END}", relative_period, is_end=True),
    form(rf"{WHICH}(?P<year_word>期|年度)(?:の?末|中|内|いっぱい|の?終わり)", relative_period, is_end=True),
    form(r"(?P<which>再来|[今本当来翌次])?(?<!第[1-4一二三四])(?<!\d)(?:四半期|Q)の?(?:末日?|中|内)", next_quarter, is_end=True),
    form(rf"(?<![年度来今次]){PART}(?:の?(?:末日?|中|内|終わり|終了)|(?=まで|に(?!わた)|\)|判定|期限|$))", fiscal_period, is_end=True),
    form(r"(?<![今来翌本当半])年度(?:末|内|中)|(?<![四半来今翌本当前])期末(?!日?の(?:残高|在庫))|(?<!\d)期内", fiscal_period, is_end=True),
    form(r"(?P<which>今|来|本)?年(?:内|末|中)(?=まで|いっぱい|に|、|。|,|\)|$|[期達完判をで])", calendar_year, is_end=True),
    form(rf"(?P<which>来|今|再来)年の?\s?{MONTH_}月(?:{DAY_}日|末日?|中)?", next_years_month, is_end=True),
    form(r"(?P<which>再来|来|翌|今|当)月の?(?:末日?|中|いっぱい)|(?<![\d毎各か来今翌ヶカ])月末(?=まで|に|、|。|,|\)|$|[期達完判])", lambda m, c: next_month_end(m, c), is_end=True),
    form(rf"(?P<which>再来|来|今)月の?{DAY_}日", next_month_day),
    form(rf"(?P<which>再来|来|翌|今)週の?(?:(?P<weekday>[{WEEKDAYS}])曜?日?|末|中|いっぱい)", next_weekday),
    form(rf"{OPEN}{MONTH_}月の?(?:末日?|中(?!旬)|いっぱい)", month_end, is_end=True),
    form(rf"{OPEN}{MONTH_}月\s?{DAY_}日", whole_day),
    form(rf"{OPEN}{MONTH_}/{DAY_}(?![\d/%件名人時分社回])", whole_day),
    form(rf"{OPEN}{MONTH_}/末", month_end, is_end=True),
    form(rf"(?<![→>])(?<!平均){SPAN}(?:以内|後(?!の)|のうち|間?で(?=[、。)]|$))", span_of_time, is_end=True),
    form(r"半年(?:以内|後|間?で)", lambda m, c: c.after(6, "month"), is_end=True),
    form(rf"{OPEN}(?<!\d〜){MONTH_}月(?=まで|期限|完了|達成)", month_end, is_end=True),
    form(rf"{OPEN}(?<!\d〜){MONTH_}月(?=に|時点|の|\)|、|。|,|$|から|〜)(?!の?[上中下初]旬|[頃ご])", month_end),
    form(r"(?<![\d/月毎第])(?P<day>\d{1,2})日(?=まで|締)", lambda m, c: c.coming_day(int(m["day"]))),
    form(r"本日中?|今日中?", lambda m, c: c.as_of),
    form(r"明日", lambda m, c: c.after(1, "day")),
    form(r"明後日", lambda m, c: c.after(2, "day")),
]  # fmt: skip
