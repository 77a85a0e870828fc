"""Which faults hit a call."""

from fnmatch import fnmatchcase

from makeready_tharstern_emulator.faults.rates import Chance
from makeready_tharstern_emulator.switches import FAULTS, Switches


def draw(verb: str, function: str, switches: Switches, chance: Chance) -> tuple[str, ...]:
    """Names of the faults, in the order of the table. Calls outside the filters use up no chance."""
    active = [(fault.name, rate) for fault in FAULTS if (rate := switches.rate(fault.name))]
    if not active or not _meant(verb, function, switches):
        return ()
    return tuple(name for name, rate in active if rate.hits(chance.stream(name)))


def _meant(verb: str, function: str, switches: Switches) -> bool:
    verbs, paths = switches.text("fault-verb"), switches.text("fault-path")
    if verbs not in ("*", "") and verb not in verbs.upper().split(","):
        return False
    return any(fnmatchcase(function, path.strip().lower()) for path in paths.split(","))
