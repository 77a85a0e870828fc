"""What a chaos run proves: counted from what the emulated MIS holds, not from what we believe."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct


class Seen(Struct, frozen=True, kw_only=True):
    """What was counted at the end of a run."""

    expected: tuple[str, ...]
    """Keys of the orders that should be in the MIS."""
    references: tuple[str, ...]
    """Our key on each order that the MIS holds."""
    states: Mapping[str, str]
    """The ledger's, by key."""
    acknowledged: int
    """Webhooks that we answered as kept."""
    calls: int
    """Calls that the shop was asked."""
    kills: int
    seconds: float
    same_number: tuple[str, ...] = ()
    """What is wrong with orders that share a number; those are counted in nothing above but calls and webhooks."""
    parked_same_number: int = 0
    mismarked: int = 0
    late_s: float = 0.0
    edges: Mapping[str, int] = {}
    decided: Mapping[str, int] = {}
    """What people said of what waited for them, after they had looked into the MIS."""


class Verdict(Struct, frozen=True, kw_only=True):
    orders: int
    """Orders for the MIS that buyers placed and that reached the stage."""
    acknowledged: int
    """Webhooks that we answered as kept."""
    arrived: int
    """Orders that exist in the MIS."""
    lost: int
    """Neither in the MIS nor waiting for a person."""
    doubled: int
    """Orders in the MIS beyond the first of each key, and any that nobody ordered."""
    parked: int
    """Waiting for a person, because nobody can tell."""
    accepted_but_absent: int
    """Orders that we call accepted and the MIS does not have."""
    calls_per_order: float
    """Calls to the shop, polls and all."""
    kills: int
    seconds: float
    lost_keys: tuple[str, ...] = ()
    doubled_keys: tuple[str, ...] = ()
    same_number: tuple[str, ...] = ()
    """What is wrong with orders that share a number with another: both known, neither sent twice nor taken for the other."""
    parked_same_number: int = 0
    """Of those, beside the others that are parked: nobody has decided, since they can be asked for by number only."""
    marked_on_the_other: int = 0
    """Of those, items with the other's MIS number: the mark left before anybody could know of the second order."""
    late_s: float = 0.0
    """Seconds from the end of the last weather, or from the last order if that came later, until no order was on its way."""
    edges: Mapping[str, int] = {}
    """What happened besides kills, how often."""
    decided: Mapping[str, int] = {}
    """What waited for people, by what they said of it."""

    @property
    def kept(self) -> bool:
        """The promise: nothing lost, nothing doubled."""
        return not (self.lost or self.doubled or self.accepted_but_absent or self.same_number)


def count_arrivals(seen: Seen) -> Verdict:
    """Compare the keys that should arrive with the references of the orders that the MIS holds."""
    wanted = set(seen.expected)
    counted = Counter(seen.references)
    waiting = {key for key, state in seen.states.items() if state in ("parked", "refused")}
    lost = sorted(key for key in wanted if not counted[key] and key not in waiting)
    surplus = {key: count - (key in wanted) for key, count in counted.items()}
    doubled = sorted(key for key, count in surplus.items() if count)
    absent = [key for key, state in seen.states.items() if state == "accepted" and not counted[key]]
    return Verdict(
        orders=len(wanted),
        acknowledged=seen.acknowledged,
        arrived=sum(1 for key in wanted if counted[key]),
        lost=len(lost),
        doubled=sum(surplus.values()),
        parked=len(waiting),
        accepted_but_absent=len(absent),
        calls_per_order=round(seen.calls / max(len(wanted), 1), 2),
        kills=seen.kills,
        seconds=round(seen.seconds, 1),
        lost_keys=tuple(lost[:20]),
        doubled_keys=tuple(doubled[:20]),
        same_number=seen.same_number,
        parked_same_number=seen.parked_same_number,
        late_s=round(seen.late_s, 1),
        marked_on_the_other=seen.mismarked,
        edges=seen.edges,
        decided=seen.decided,
    )
