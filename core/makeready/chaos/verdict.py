"""What a chaos run proves: counted from what the emulated MIS holds, not from what we believe."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct


class Verdict(Struct, frozen=True, kw_only=True):
    orders: int
    """Lines that buyers ordered and that reached the stage."""
    arrived: int
    """Lines that exist in the MIS."""
    lost: int
    """Neither in the MIS nor waiting for a person."""
    doubled: int
    """Orders in the MIS beyond the first of each line."""
    parked: int
    """Waiting for a person, because nobody can tell."""
    accepted_but_absent: int
    """Lines that we call accepted and the MIS does not have."""
    kills: int
    seconds: float
    lost_keys: tuple[str, ...] = ()
    doubled_keys: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """The promise: nothing lost, nothing doubled."""
        return not (self.lost or self.doubled or self.accepted_but_absent)


def judge(
    expected: Iterable[str], references: Iterable[str], states: dict[str, str], *, kills: int, seconds: float
) -> Verdict:
    """Compare the keys that should arrive with the references of the orders that the MIS holds.

    ``states`` are the ledger's, by key.
    """
    wanted = set(expected)
    counted = Counter(references)
    waiting = {key for key, state in states.items() if state in ("parked", "refused")}
    lost = sorted(key for key in wanted if not counted[key] and key not in waiting)
    doubled = sorted(key for key, count in counted.items() if count > 1)
    absent = [key for key, state in states.items() if state == "accepted" and not counted[key]]
    return Verdict(
        orders=len(wanted),
        arrived=sum(1 for key in wanted if counted[key]),
        lost=len(lost),
        doubled=sum(counted[key] - 1 for key in doubled),
        parked=len(waiting),
        accepted_but_absent=len(absent),
        kills=kills,
        seconds=round(seconds, 1),
        lost_keys=tuple(lost[:20]),
        doubled_keys=tuple(doubled[:20]),
    )
