"""What the demo's vendor counts, and a year of it for its customers: thirteen values, a month apart."""

from decimal import Decimal

from accounts.models import Account, BusinessUnit, MetricDefinition, MetricSample, ProductFeature
from accounts.models.fact import Origin
from success_plans.models import Criterion, SuccessPlan
from workspace.demo.calendar import DemoCalendar

SEATS, SOLVED = "weekly_seats", "self_service"
SCENARIOS, HANDOVERS, LOOKUPS = "scenario_uses", "handover_uses", "lookup_uses"
METRICS: dict[str, tuple[tuple[str, str, str, int, str, str], ...]] = {
    "tsumugi": (
        (SEATS, "週に一度は使う席", "席", 0, "月曜から日曜に一度でもサインインした席。毎月20日ごろの週", ""),
        (SOLVED, "自己解決率", "%", 1, "FAQの検索のうち、問い合わせずに終わった割合。ツムギFAQの月次集計", "検索0件のことば"),
        (SCENARIOS, "シナリオの利用", "回/週", 0, "自動応答シナリオが最後まで進んだ回数", "自動応答シナリオ"),
        (HANDOVERS, "有人切り替えの利用", "回/週", 0, "チャットを人が引き取った回数", "有人切り替え"),
        (LOOKUPS, "配送状況の照会の利用", "回/週", 0, "チャットで配送状況を答えた回数", "配送状況の照会"),
    ),
}  # fmt: skip
STEP, LAST = 30, 3
"""Days between two values, and how long ago the newest is."""

COURSES: dict[tuple[str, str, str], tuple[float, ...]] = {
    ("torei", SEATS, ""): (205, 212, 230, 241, 252, 270, 268, 289, 301, 322, 330, 348, 362),
    ("torei", SEATS, "仙台センター"): (0, 0, 12, 25, 31, 40, 44, 52, 55, 61, 66, 70, 74),
    ("torei", SOLVED, ""): (31.2, 32.5, 33.1, 34.8, 34.2, 36.0, 37.4, 38.0, 39.9, 41.3, 42.8, 44.6, 46.0),
    ("hibari", SEATS, ""): (18, 20, 19, 22, 24, 23, 25, 27, 26, 28, 27, 29, 28),
    ("chidori", SEATS, ""): (40, 42, 45, 47, 46, 50, 52, 55, 57, 58, 60, 62, 63),
    ("chidori", SOLVED, ""): (40.0, 40.8, 41.5, 43.0, 44.1, 45.2, 46.0, 47.5, 48.3, 49.0, 50.6, 51.9, 53.0),
    ("asunaro", SEATS, ""): (880, 905, 930, 961, 990, 1004, 1048, 1090, 1122, 1160, 1195, 1228, 1251),
    ("yowa", SEATS, ""): (58, 57, 55, 54, 51, 49, 47, 44, 42, 40, 37, 35, 33),
    ("soten", SEATS, ""): (190, 198, 204, 211, 220, 226, 233, 240, 246, 251, 258, 263, 268),
    ("soten", SOLVED, ""): (48.0, 48.9, 50.2, 51.0, 52.4, 53.1, 54.5, 55.0, 56.2, 57.3, 58.1, 59.0, 60.2),
    ("kirishima", SEATS, ""): (60, 62, 61, 64, 66, 70, 71, 75, 78, 80, 84, 86, 90),
    ("kirishima", SCENARIOS, ""): (0, 0, 40, 85, 120, 160, 190, 210, 240, 255, 280, 300, 310),
    ("kirishima", HANDOVERS, ""): (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ("wakaayu", SEATS, ""): (10, 11, 11, 12, 12, 13, 12, 13, 14, 14, 15, 15, 16),
    ("minamo", SEATS, ""): (120, 126, 131, 138, 144, 150, 155, 161, 168, 172, 179, 184, 190),
    ("hokuto", SEATS, ""): (160, 163, 168, 170, 174, 178, 180, 184, 187, 189, 192, 194, 196),
}  # fmt: skip
READ = {("torei", "自己解決率"): SOLVED}
"""Criteria whose actual is read from a metric."""


def load_metrics(vendor: str) -> None:
    """The vendor's metrics; what is there is left alone."""
    there = set(MetricDefinition.everything.values_list("external_id", flat=True))
    features = {feature.name: feature for feature in ProductFeature.objects.all()}
    for key, name, unit, decimals, meaning, feature in METRICS.get(vendor, ()):
        if key not in there:
            MetricDefinition.objects.create(
                external_id=key, name=name, unit=unit, decimals=decimals, meaning=meaning,
                feature=features.get(feature),
            )  # fmt: skip


def load_samples(account: Account, key: str, calendar: DemoCalendar) -> None:
    metrics = {metric.external_id: metric for metric in MetricDefinition.objects.all()}
    units = {unit.name: unit for unit in BusinessUnit.objects.filter(account=account)}
    MetricSample.objects.bulk_create(
        MetricSample(
            account=account, metric=metrics[metric], unit=units.get(unit), value=Decimal(str(value)),
            on=calendar.day(-LAST - STEP * (len(course) - 1 - place)), source="利用状況の月次集計", origin=Origin.IMPORT,
        )
        for (whose, metric, unit), course in COURSES.items()
        if whose == key and metric in metrics
        for place, value in enumerate(course)
    )  # fmt: skip


def read_criteria(plan: SuccessPlan, key: str) -> None:
    """Criteria that no longer wait for somebody to type their actual."""
    for metric in MetricDefinition.objects.filter(external_id__in=READ.values()):
        names = [name for (whose, name), read in READ.items() if (whose, read) == (key, metric.external_id)]
        Criterion.objects.filter(objective__plan=plan, metric__in=names).update(measured_by=metric)
