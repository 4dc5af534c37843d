"""A calendar as a file of iCalendar (RFC 5545), as calendar programs subscribe to it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration

from workspace.calendar.entries import Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"
EVERY = timedelta(hours=4)
HOUR = timedelta(hours=1)


def calendar_of(name: str, entries: Iterable[Entry], zone: ZoneInfo) -> bytes:
    """The same bytes for the same rows: nothing in it tells when it was asked for. Times of day are those of ``zone``,
    which is described in the file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Masume//Masume//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    calendar.add("refresh-interval", vDuration(EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(EVERY))
    for entry in entries:
        calendar.add_component(event_of(entry, zone))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def event_of(entry: Entry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@masume")
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.version)
    event.add("summary", entry.title)
    event.add("url", entry.address)
    event.add("description", entry.address)
    if entry.at is None:
        event.add("dtstart", entry.on)
        event.add("dtend", (entry.until or entry.on) + timedelta(days=1))  # the first day after it
        event.add("transp", "TRANSPARENT")  # a day's mark does not make anybody busy
    else:
        begins = datetime.combine(entry.on, entry.at, zone)
        event.add("dtstart", begins)
        event.add("dtend", begins + HOUR)
    return event
