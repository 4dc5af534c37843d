"""Each reason fires on the plain case, and stays quiet on the one that only looks like it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.fiscal import FiscalClosing
from success_plans.smart import Context, Fields, Statement, judge
from success_plans.smart.statement import ACTION, OBJECTIVE

ON = date(2026, 4, 14)
REST = "(受付ログで集計、毎月10日に確認、2026年12月末)"
WHO = "CSM 藤原が、"


def reasons(
    text: str, kind: str = OBJECTIVE, fields: dict[str, Any] | None = None, **context: Any
) -> set[str]:
    statement = Statement(text, Context(ON, FiscalClosing(3), **context), kind, Fields(**(fields or {})))
    return {reason.code.name for reason in judge(statement).reasons}


OBJECTIVES = [
    ("VAGUE_VERB", "店舗での活用を推進する", f"推進室の残業を月40時間→20時間に{REST}"),
    ("VAGUE_SCOPE", "いろいろな業務をよくする", f"受付業務の時間を20分→12分に{REST}"),
    ("COMPOUND", f"残業を40時間→20時間に減らし、離職者数を8名→4名にする{REST}", f"欠品率を8%→5%に、3ポイント下げる{REST}"),
    ("NEGATIVE_ONLY", "クレームが起きないようにする", f"差し戻しなしで通る状態。判定:確認表8項目がすべて○{REST}"),
    ("NO_CRITERION", "欠品を減らす(9月末)", f"欠品を月30件→10件に{REST}"),
    ("NUMBER_NOT_TARGET", "3部署と調整して進める", f"3部署の残業を合わせて90時間→60時間に{REST}"),
    ("SUBJECTIVE_SCALE", "窓口の方に喜ばれる画面にする", f"満足度調査(5段階)で4以上の割合を60%→80%に{REST}"),
    ("NO_BASELINE", f"入電を3割減らす{REST}", f"入電を月1,000件から3割減らして700件にする{REST}"),
    ("UNIT_AMBIGUOUS", f"解約率を10%改善{REST}", f"解約率を12%から10%に改善{REST}"),
    ("METRIC_UNDEFINED", f"定着度を40→60に{REST}", f"定着度=週1回以上使う人÷全員。40%→60%に{REST}"),
    ("NO_METHOD", "待ち時間を20分→12分に(毎月10日の会議で確認、12月末)", f"待ち時間を20分→12分に{REST}"),
    ("NO_REVIEW", "待ち時間を20分→12分に(受付ログで集計、12月末)", f"待ち時間を20分→12分に{REST}"),
    ("WRONG_DIRECTION", f"待ち時間を12分→20分に短縮{REST}", f"待ち時間を20分→12分に短縮{REST}"),
    ("UNREALISTIC", f"回答率を80%→120%に{REST}", f"回答率を80%→95%に{REST}"),
    ("DEPENDENCY_UNCOMMITTED", f"二重登録を26件→5件に。先方の承諾はまだ取れていない{REST}", f"二重登録を26件→5件に。先方は承諾済み{REST}"),
    ("OUR_OUTPUT_ONLY", f"QBRを四半期ごとに実施{REST}", f"新人研修の日数を20日→12日に{REST}"),
    ("OUR_BENEFIT", f"契約額を1,000万円→1,200万円に増額して更新{REST}", f"会員の契約更新率を80%→88%に{REST}"),
    ("MEANS_AS_GOAL", f"FAQを300本公開{REST}", f"自己解決の割合を30%→50%に{REST}"),
    ("NO_DUE", "待ち時間を20分→12分に(受付ログ、毎月10日に確認)", f"待ち時間を20分→12分に{REST}"),
    ("VAGUE_DUE", "できるだけ早く待ち時間を20分→12分に(受付ログ、毎月10日に確認)", f"なるべく早く、待ち時間を20分→12分に{REST}"),
    ("OPEN_ENDED", "応答率95%以上を維持(受付ログ、毎月10日に確認)", f"応答率95%以上を維持{REST}"),
    ("DUE_PAST", "待ち時間を20分→12分に(受付ログ、毎月10日に確認、2025年12月末)", f"待ち時間を20分→12分に{REST}"),
    ("DUE_EVENT_UNDATED", "次回の役員会までに待ち時間を20分→12分に(受付ログ、毎月10日に確認)", f"役員会の待ち時間を20分→12分に{REST}"),
]  # fmt: skip

ACTIONS = [
    ("OWNER_MISSING", "手順書(5ページ)を5/15までに作成する", f"{WHO}手順書(5ページ)を5/15までに作成する"),
    ("OWNER_VAGUE", "担当者が手順書を5/15までに作成する", "経理部長が手順書を5/15までに作成する"),
    ("RESULT_AS_ACTION", f"{WHO}入電を3割減らす(5/15)", f"{WHO}入電の多い30項目の一覧を作成する(5/15)"),
    ("RESULT_AS_ACTION", f"{WHO}応答率を92%にする(5/15)", f"{WHO}回答の手順書を10本作る(5/15)"),
    ("NO_DONE_CRITERION", f"{WHO}引き続きサポートする(5/15)", f"{WHO}サポート窓口の一覧を5/15までに送る"),
    ("VAGUE_VERB", f"{WHO}導入を検討する(5/15)", f"{WHO}検討結果の一覧を5/15に提出する"),
    ("COMPOUND", f"{WHO}手順書を送り、別件で研修も終える(5/15)", f"{WHO}手順書を作成し、平田様の確認印をもらう(5/15)"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "bad", "good"), OBJECTIVES, ids=[code for code, *_ in OBJECTIVES])
def test_an_objective(code: str, bad: str, good: str) -> None:
    assert code in reasons(bad)
    assert reasons(good) == set()


@pytest.mark.parametrize(("code", "bad", "good"), ACTIONS, ids=[code for code, *_ in ACTIONS])
def test_an_action(code: str, bad: str, good: str) -> None:
    assert code in reasons(bad, ACTION)
    assert reasons(good, ACTION) == set()


def test_text_and_fields_are_held_against_each_other() -> None:
    text = f"待ち時間を20分→12分に{REST}"
    assert reasons(text, fields={"baseline": Decimal(20), "target": Decimal(12)}) == set()
    assert reasons(text, fields={"target": Decimal(10)}) == {"TEXT_FIELD_CONFLICT"}
    assert reasons(text, fields={"due": date(2026, 9, 30)}) == {"DUE_CONFLICT"}


def test_what_is_in_the_fields_need_not_be_written() -> None:
    fields = {"baseline": Decimal(20), "target": Decimal(12), "unit": "分", "due": date(2026, 12, 31)}
    assert reasons("待ち時間の短縮", fields=fields) == {"NO_METHOD", "NO_REVIEW"}
    assert (
        reasons("待ち時間の短縮", fields={**fields, "method": "受付ログ", "review_date": date(2026, 9, 1)})
        == set()
    )


def test_the_ringi_is_held_against_the_target() -> None:
    text = f"転記ミスを月60件→3件に{REST}"
    assert reasons(text, ringi="転記ミスを月60件→30件に半減") == {"EXPECTATION_GAP"}
    assert reasons(text, ringi="転記ミスを月60件→3件に") == set()
    assert reasons(text, ringi="転記は対象外") == {"OUT_OF_SCOPE"}
    assert reasons(text, ringi="見積の承認を当日に") == {"UNLINKED"}


def test_one_mail_does_not_move_a_hundred_people() -> None:
    text = f"{WHO}案内メールを1通、5/15に送る"
    assert reasons(text, ACTION, parent="店長120名が案内どおりに月次棚卸を一人で終える") == {
        "INSUFFICIENT_ACTION"
    }
    assert reasons(text, ACTION) == set()


def test_plans_of_ours_alone_may_count_logins() -> None:
    text = f"ログイン率を40%→80%に{REST}"
    assert reasons(text) == {"MEANS_AS_GOAL"}
    assert reasons(text, plan_type="adoption") == set()
