"""31 December 2025, Dec 31, end of Q3, by month-end, within 90 days …"""

import re
from datetime import date

from success_plans.smart.calendar import Calendar
from success_plans.smart.days import Form

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"
)  # fmt: skip
MONTH = rf"(?P<month>{'|'.join(FULL)}|sept|{'|'.join(NAMES)})\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>20\d{2})"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12}
END_OF = r"(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+)?"
PART = r"(?:(?:the\s+)?(?P<ordinal>first|second|third|fourth)\s+(?P<of>quarter|half)|Q(?P<q>[1-4])|(?P<q2>[1-4])Q|H(?P<h>[12])|(?P<h2>[12])H)"
FISCAL = r"(?:FY|fiscal(?:\s+year)?)\s?'?(?P<year>20\d{2}|\d{2})"
ORDINALS = ("first", "second", "third", "fourth")


def month_of(match: re.Match[str]) -> int:
    return NAMES.index(match["month"][:3].lower()) + 1


def year_of(match: re.Match[str]) -> int | None:
    year = match.groupdict().get("year")
    return None if not year else int(year) + (2000 if len(year) == 2 else 0)


def whole_day(match: re.Match[str], calendar: Calendar) -> date | None:
    return calendar.day(year_of(match), month_of(match), int(match["day"]))


def month_end(match: re.Match[str], calendar: Calendar) -> date | None:
    return calendar.day(year_of(match), month_of(match))


def american(match: re.Match[str], calendar: Calendar) -> date | None:
    return calendar.day(year_of(match), int(match["m"]), int(match["day"]))


def fiscal_period(match: re.Match[str], calendar: Calendar) -> date:
    parts = match.groupdict()
    number = parts.get("q") or parts.get("q2")
    half = parts.get("h") or parts.get("h2")
    if ordinal := parts.get("ordinal"):
        which = ORDINALS.index(ordinal.lower()) + 1
        number, half = (
            (which, None) if (parts.get("of") or "").lower() == "quarter" else (None, min(which, 2))
        )
    return calendar.period_end(
        year_of(match), half=int(half) if half else None, quarter=int(number) if number else None
    )


def this_period(match: re.Match[str], calendar: Calendar) -> date:
    ahead, unit = (
        int((match["which"] or "").strip().lower() == "next"),
        re.sub(r"[\s-]+", " ", match["unit"].lower()),
    )
    if unit == "month":
        return calendar.month_end(ahead)
    if unit == "quarter":
        return calendar.quarter_end(ahead)
    if unit in ("half", "half year"):
        return calendar.half_end(ahead)
    if unit == "week":
        return calendar.weekday(4, ahead)
    if unit in ("fiscal year", "financial year"):
        return calendar.period_end(calendar.fiscal_year + ahead)
    return date(calendar.as_of.year + ahead, 12, 31)


def span_of_time(match: re.Match[str], calendar: Calendar) -> date:
    count = match["count"].lower()
    unit = re.sub(r"[\s-]+", "", match["unit"].lower())
    kind = "workday" if unit.startswith(("business", "working")) else unit
    return calendar.after(COUNTS.get(count) or int(count), kind)


def coming_weekday(match: re.Match[str], calendar: Calendar) -> date:
    weekday = WEEKDAYS.index(match["weekday"].lower())
    weeks = int((match["which"] or "").strip().lower() == "next")
    return calendar.weekday(weekday, weeks if weeks or weekday >= calendar.as_of.weekday() else 1)


def form(pattern: str, read: object, *, is_end: bool = False) -> Form:
    return Form(re.compile(pattern, re.IGNORECASE | re.ASCII), read, is_end)  # type: ignore[arg-type]


UNIT = r"(?P<unit>fiscal[\s-]year|financial[\s-]year|calendar[\s-]year|half[\s-]?year|half|month|quarter|week|year)"
FORMS = [
    form(rf"\b{DAY}\s+(?:of\s+)?{MONTH},?\s+{YEAR}\b", whole_day),
    form(rf"\b{MONTH}\s+{DAY},?\s+{YEAR}\b", whole_day),
    form(rf"\b(?P<m>\d{{1,2}})/(?P<day>\d{{1,2}})/{YEAR}\b", american),
    form(rf"\b(?:{END_OF})?{FISCAL}[\s,-]*{PART}(?:[\s-]+end)?\b", fiscal_period, is_end=True),
    form(rf"\b(?:{END_OF})?{PART}(?:\s+of)?[\s,-]*{FISCAL}(?:[\s-]+end)?\b", fiscal_period, is_end=True),
    form(rf"\b(?:{END_OF})?{FISCAL}(?:[\s-]+end)?\b", fiscal_period, is_end=True),
    form(rf"\b(?:{END_OF})?{MONTH}\s+{YEAR}\b", month_end, is_end=True),
    form(rf"\b{END_OF}{MONTH}(?!\s*\d)", month_end, is_end=True),
    form(rf"\b(?:{END_OF})(?P<which>next\s+|this\s+)?{UNIT}\b", this_period, is_end=True),
    form(
        rf"\b(?:by|before|until|at|due)\s+(?:the\s+)?(?P<which>next\s+|this\s+)?{UNIT}[\s-]end\b",
        this_period,
        is_end=True,
    ),
    form(r"\b(?:EO(?P<letter>[MQY]))\b", lambda m, c: _eo(m["letter"], c), is_end=True),
    form(rf"\b(?:{END_OF})?{PART}(?:[\s-]+end)?\b", fiscal_period, is_end=True),
    form(rf"\b{DAY}\s+(?:of\s+)?{MONTH}(?![a-z])", whole_day),
    form(rf"\b{MONTH}\s+{DAY}(?![\d%])\b", whole_day),
    form(rf"\b(?:by|before|until|through)\s+(?:mid-?\s?)?{MONTH}(?![a-z])", month_end, is_end=True),
    form(
        r"\b(?:within|in)\s+(?:the\s+next\s+|the\s+coming\s+|a\s+)?(?P<count>\d{1,3}|one|two|three|four|five|six|eight|ten|twelve)[\s-]+"
        r"(?P<unit>(?:business\s|working\s|calendar\s)?day|week|month|year)s?\b(?!\s(?:or|instead|rather))",
        span_of_time,
        is_end=True,
    ),
    form(
        rf"\b(?:by|on|until)\s+(?P<which>next\s+|this\s+)?(?P<weekday>{'|'.join(WEEKDAYS)})\b", coming_weekday
    ),
    form(r"\b(?:by|until)\s+tomorrow\b", lambda m, c: c.after(1, "day")),
]


def _eo(letter: str, calendar: Calendar) -> date:
    if letter.upper() == "M":
        return calendar.month_end()
    return calendar.quarter_end() if letter.upper() == "Q" else date(calendar.as_of.year, 12, 31)
