"""One file for each check; each takes a reading and gives what is wrong. A file that is added here is asked from then on."""

from importlib import import_module
from pkgutil import iter_modules

from success_plans.smart.finding import Check

CHECKS: tuple[Check, ...] = tuple(
    import_module(f"{__name__}.{module.name}").check for module in iter_modules(__path__)
)
