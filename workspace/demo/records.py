"""What stands in the demo's records beyond their first line, by company and title (design 03 and 09)."""

from typing import Any

Written = dict[str, Any]
"""Columns of an activity; ``next_in`` is in how many days the next step is due."""

RECORDS: dict[tuple[str, str], Written] = {
    ("torei", "若槻さんと打ち合わせ"): {
        "body": "- 来期は**本部ごとに5%削減**から組む。例外は「回収18か月以内」を国枝さんが認めたものだけ。\n"
        "- 部門案の締めは11/30。Assistの全席展開は「効率化投資」の費目に入れたい。\n"
        "- 変更凍結が12/01からに早まった。IVRは11月中に終えたい。",
        "insight": "通販大手3社では、再問い合わせを15%以下にした拠点の応対コストが平均で1割下がっている",
        "insight_was": "new",
        "next_step": "測定日を入れた試算を送る",
        "next_in": 4,
        "links": "https://docs.example/budget-form 予算表の様式",
    },
    ("torei", "大庭さんと打ち合わせ"): {
        "body": "稟議は役員会の2週間前まで。効果は「席あたりの応対時間」で説明してほしいとのこと。",
        "insight": "応対コストの内訳を、問い合わせの種類ごとに示した",
        "insight_was": "known",
    },
}


def written(company: str, title: str, day: Any) -> Written:
    """The columns to store; ``day(offset)`` gives a date."""
    found = dict(RECORDS.get((company, title), {}))
    if "next_in" in found:
        found["next_on"] = day(found.pop("next_in"))
    return found
