from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tenants.jobs.schedule import Daily, Every

TOKYO, AUCKLAND = ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Auckland")
NIGHT = Daily("night", time(6, 0), "")
moments = st.integers(1_735_689_600, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC))
zones = st.sampled_from([TOKYO, AUCKLAND, ZoneInfo("America/St_Johns"), UTC])


def test_six_in_the_morning_is_the_tenants_six() -> None:
    now = datetime(2026, 11, 19, 21, 30, tzinfo=UTC)
    assert NIGHT.latest(now, TOKYO) == datetime(2026, 11, 19, 21, 0, tzinfo=UTC)
    assert NIGHT.latest(now, AUCKLAND) == datetime(2026, 11, 19, 17, 0, tzinfo=UTC)


def test_a_minute_before_it_is_still_yesterdays() -> None:
    assert NIGHT.latest(datetime(2026, 11, 19, 20, 59, tzinfo=UTC), TOKYO).day == 18


@given(moments, zones)
def test_the_latest_moment_lies_within_the_last_day_and_stands_still_until_the_next(
    now: datetime, zone: ZoneInfo
) -> None:
    due = NIGHT.latest(now, zone)
    assert 0 <= (now - due).total_seconds() <= 25 * 3600  # a day of a clock change has 25 hours
    assert due.astimezone(zone).time() == time(6, 0)
    assert NIGHT.latest(due, zone) == due


@given(moments, st.sampled_from([1, 5, 15, 60]))
def test_every_so_many_minutes_is_on_the_grid(now: datetime, minutes: int) -> None:
    due = Every("x", minutes, "").latest(now, TOKYO)
    assert 0 <= (now - due).total_seconds() < minutes * 60
    assert due.minute % minutes == 0
