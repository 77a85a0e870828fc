"""Send again what waits for a person, all that a filter finds: after a fix, one decision for many."""

from collections.abc import Awaitable

from makeready_hooks.errors import ConfigError, Refused
from msgspec import Struct

from makeready.flows.deciding import Decision, send_again
from makeready.installation import Installation
from makeready.store.listing import LineFilter
from makeready.store.states import LineState

MAX_LINES = 1000
"""Of each state, looked at in one go; a caller waits for it."""


class Replay(Struct, frozen=True, kw_only=True):
    """Which submissions, and who decides."""

    subscriber: str
    states: tuple[LineState, ...] = (LineState.REFUSED,)
    """Refused, parked, or both."""
    start: float | None = None
    """Refused or parked at this moment or later."""
    end: float | None = None
    reason: str = ""
    """Text that the reason holds."""
    actor: str
    parked_are_not_in_the_mis: bool = False
    """The person has looked: sending parked ones again doubles nothing."""


class Replayed(Struct, frozen=True, kw_only=True):
    keys: tuple[str, ...]
    """Submissions that will be sent again, the oldest change first."""
    skipped: tuple[str, ...] = ()
    """Those that did not wait for a person any more."""
    more: bool = False
    """There are more than are sent in one go: do it again."""


async def replay(installation: Installation, wanted: Replay, *, dry_run: bool = False) -> Replayed:
    """Each on its own, with its history. ``dry_run`` only finds them.

    Raises ConfigError if parked ones are wanted and nobody says that they are not in the MIS.
    """
    if LineState.PARKED in wanted.states and not (wanted.parked_are_not_in_the_mis or dry_run):
        raise ConfigError(
            "Parked orders may be in the MIS already; sending one again would double it.",
            field="parked_are_not_in_the_mis",
            fix="Look into the MIS. If it has none of them, say so; otherwise accept them one by one.",
        )
    found, more = await _find(installation, wanted)
    if dry_run:
        return Replayed(keys=found, more=more)
    skipped = [key for key in found if not await _sent(send_again(installation, *_one(wanted, key)))]
    return Replayed(keys=tuple(key for key in found if key not in skipped), skipped=tuple(skipped), more=more)


async def _find(installation: Installation, wanted: Replay) -> tuple[tuple[str, ...], bool]:
    """Keys of submissions, and whether there are more."""
    lines, more = [], False
    for state in wanted.states:
        only = LineFilter(state=state, start=wanted.start, end=wanted.end, reason=wanted.reason)
        found = await installation.store.lines.find(wanted.subscriber, only, limit=MAX_LINES + 1)
        more = more or len(found) > MAX_LINES
        lines += found[:MAX_LINES]
    lines.sort(key=lambda line: (line.updated_at, line.order_number, line.line))
    return tuple(dict.fromkeys(line.submission for line in lines)), more


def _one(wanted: Replay, key: str) -> tuple[Decision, tuple[LineState, ...]]:
    return Decision(subscriber=wanted.subscriber, key=key, actor=wanted.actor), wanted.states


async def _sent(sending: Awaitable[None]) -> bool:
    try:
        await sending
    except Refused:
        return False
    return True
