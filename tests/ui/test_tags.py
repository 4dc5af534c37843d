"""What the template tags draw, without a database."""

from datetime import date
from typing import Any

import pytest
from django.template import Context, Template

from ui import wording
from ui.views.components import CELLS, Sample, SampleForm

TODAY = date(2026, 11, 19)


def draw(source: str, **values: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def test_health_carries_shape_number_and_word() -> None:
    html = draw('{% health 41 "risk" %}')
    assert "#h-risk" in html
    assert "<b>41</b>" in html
    assert "危険" in html


@pytest.mark.parametrize("band", ["none", "", None, "purple"])
def test_an_unknown_band_is_not_measured(band: Any) -> None:
    html = draw("{% health 41 band %}", band=band)
    assert "未計測" in html
    assert "41" not in html


def test_smart_reads_its_gaps_aloud() -> None:
    html = draw("{% smart letters %}", letters={"S": "ok", "M": "warn", "A": "ok", "R": "ok"})
    assert "SMART 5項目中3項目を満たす(計測要確認、期限未記入)" in html
    assert html.count("<i>") == 3


def test_a_seal_says_who_and_how_long_ago() -> None:
    assert 'aria-label="決裁者 大庭さん 30日以上接触なし"' in draw('{% seal "decider" "stale" "大庭さん" %}')


def test_positions_stay_on_the_axis() -> None:
    html = draw("{% fiscal_strip months renew=140 now=-3 label='3月決算' %}", months=[""] * 12)
    assert "--x: 100%" in html
    assert "--x: 0%" in html


def test_text_of_people_is_escaped_everywhere() -> None:
    evil = "<img src=x onerror=1>"
    cell = Sample("name", evil, value=evil, display=evil, blank_hint=evil)
    html = draw(
        "{% badge evil %}{% avatar evil %}{% empty evil evil %}{{ evil }}{% endempty %}{% editable cell %}"
        "{% panel evil %}{{ evil }}{% endpanel %}{% unknown evil %}{% endunknown %}{% note %}{{ evil }}{% endnote %}",
        evil=evil,
        cell=cell,
    )
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_field_one_may_not_edit_is_plain_text() -> None:
    html = draw("{% editable cell %}", cell=CELLS["closed"])
    assert "4億2,240万円" in html
    assert "inline-edit" not in html


def test_a_blank_one_may_not_edit_stays_visible() -> None:
    html = draw("{% editable cell %}", cell=Sample("x", "窓口", blank_hint="誰か", may_edit=False))
    assert 'class="unknown' in html
    assert "誰か" in html


@pytest.mark.parametrize("key", [key for key in CELLS if key != "closed"])
def test_every_widget_has_a_labelled_control(key: str) -> None:
    html = draw("{% editable cells key %}", cells=CELLS, key=key)
    assert f'data-field="{key}"' in html
    assert f'aria-label="{CELLS[key].label}"' in html or "<label" in html


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 3, 31), "残り132日"),
        (date(2026, 11, 20), "残り1日"),
        (TODAY, "今日"),
        (date(2026, 11, 17), "2日超過"),
    ],
)
def test_deadlines_are_said_in_days(day: date, words: str) -> None:
    assert wording.deadline(day, TODAY) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (422_400_000, "4億2,240万円"),
        (38_400_000, "3,840万円"),
        (200_000_000, "2億円"),
        (9_800, "9,800円"),
        (0, "0円"),
        (-38_400_000, "−3,840万円"),
        (None, ""),
    ],
)
def test_money_is_said_in_man_and_oku(amount: int | None, words: str) -> None:
    assert wording.yen(amount) == words


def test_dates_have_four_spellings() -> None:
    assert wording.table_date(TODAY) == "2026/11/19"
    assert wording.near_date(TODAY) == "11/19(木)"
    assert wording.prose_date(TODAY) == "11月19日(木)"
    assert wording.long_date(TODAY) == "2026年11月19日(木)"


@pytest.mark.parametrize(("value", "words"), [(2, "+2"), (0, "±0"), (-7, "−7"), (None, "")])
def test_changes_carry_their_sign(value: int | None, words: str) -> None:
    assert wording.change(value) == words


@pytest.mark.parametrize(
    ("day", "words"), [(TODAY, "今日"), (date(2026, 11, 18), "昨日"), (date(2026, 11, 17), "2日前")]
)
def test_recency(day: date, words: str) -> None:
    assert wording.recency(day, TODAY) == words


def test_a_form_keeps_what_was_typed_beside_the_reason() -> None:
    html = str(SampleForm({"renews_on": "2027/03/31", "baseline": "約2割"}))
    assert 'value="約2割"' in html
    assert "数字で入力してください。例:21" in html
    assert 'aria-invalid="true"' in html
    assert "日付を正しく" not in html
    assert "契約書の満了日です" in html


@pytest.mark.parametrize(("x", "flips"), [(70.7, False), (88, True)])
def test_a_label_never_runs_out_of_the_ruler(x: float, flips: bool) -> None:
    ruler = {"label": "", "months": [], "marks": [{"x": x, "kind": "ebr", "label": "EBR 12/15"}], "now": None}
    assert ("data-flip" in draw("{% ruler ruler %}", ruler=ruler)) is flips
