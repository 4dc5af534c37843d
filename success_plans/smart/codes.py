"""Why a letter is not met (shared SMART.md), with the one question that gets it out of the way."""

from enum import Enum

from django.utils.translation import gettext_lazy as _

LETTERS = {"S": "specific", "M": "measurable", "A": "achievable", "R": "relevant", "T": "time_bound"}


class Code(Enum):
    VAGUE_VERB = "S", _("何が起きれば済みますか")
    VAGUE_SCOPE = "S", _("何の、どこの、だれのことですか")
    COMPOUND = "S", _("別々の成果です。どれを1つめにしますか")
    NEGATIVE_ONLY = "S", _("起きないようにする代わりに、どうなっていれば良いですか")
    OWNER_MISSING = "S", _("だれがしますか")
    OWNER_VAGUE = "S", _("その中のだれですか。部署なら、役職か名前までお願いします")
    RESULT_AS_ACTION = "S", _("その数字にするために、だれが何をしますか")
    NO_CRITERION = "M", _("だれが見ても同じに読める基準は何ですか")
    NUMBER_NOT_TARGET = "M", _("その数字は目標値ではなさそうです。どの値になれば達成ですか")
    SUBJECTIVE_SCALE = "M", _("読む人で変わります。何が見えたら達成と言えますか")
    NO_BASELINE = "M", _("いまの値はいくつですか")
    UNIT_AMBIGUOUS = "M", _("割合ですか、ポイントですか。いまの値と目標値で書くとはっきりします")
    METRIC_UNDEFINED = "M", _("その指標は何を何で割った値ですか")
    NO_METHOD = "M", _("どこの数字で、どう測りますか")
    NO_REVIEW = "M", _("いつ振り返りますか")
    NO_DONE_CRITERION = "M", _("何が残れば、済んだと分かりますか")
    TEXT_FIELD_CONFLICT = "M", _("文と欄の数字が違います。どちらが正しいですか")
    WRONG_DIRECTION = "M", _("目標が、いまの値より後ろ向きです。向きと値のどちらを直しますか")
    UNREALISTIC = "A", _("この期間で、その値まで届きますか")
    EXPECTATION_GAP = "A", _("稟議書の期待と違います。どちらに合わせますか")
    OUT_OF_SCOPE = "A", _("契約や製品の範囲の外に見えます。範囲を確かめましたか")
    INSUFFICIENT_ACTION = "A", _("これだけで、上の目標に届きますか。ほかに何が要りますか")
    DEPENDENCY_UNCOMMITTED = "A", _("その合意は、いつ、だれから取れますか")
    OUR_OUTPUT_ONLY = "R", _("それをして、お客様の何がどう変わりますか")
    OUR_BENEFIT = "R", _("お客様にとっての成果は何ですか")
    MEANS_AS_GOAL = "R", _("それは手段です。できたら、お客様の何が良くなりますか")
    UNLINKED = "R", _("稟議書や上の目標の、どこにつながりますか")
    NO_DUE = "T", _("いつまでですか")
    VAGUE_DUE = "T", _("暦の日付でいうと、いつですか")
    OPEN_ENDED = "T", _("いつ、続けるかどうかを決めますか")
    DUE_PAST = "T", _("過ぎた日付です。いつまでに直しますか")
    DUE_EVENT_UNDATED = "T", _("その行事は何月何日ですか")
    FISCAL_YEAR_UNKNOWN = (
        "T",
        _("お客様の決算月がわからないので、日付が決まりません。決算月はいつですか"),
    )
    DUE_CONFLICT = "T", _("文と欄の期日が違います。どちらが正しいですか")

    @property
    def letter(self) -> str:
        return str(self.value[0])

    @property
    def question(self) -> str:
        return str(self.value[1])
