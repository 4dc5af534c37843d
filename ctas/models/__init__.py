from ctas.models.cta import Cta, Outcome, Priority, Status
from ctas.models.night import NightRun
from ctas.models.rule_setting import Level, Mode, RuleSetting

__all__ = ["Cta", "Level", "Mode", "NightRun", "Outcome", "Priority", "RuleSetting", "Status"]
