"""Rejected and unconfirmed orders in groups of one cause. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from makeready.orders.model import LineRow
from msgspec import Struct

from makeready_admin.inbox.causes import cause_of
from makeready_admin.inbox.marks import Mark

NO_MARK = Mark(key="")


class Waiting(Struct, frozen=True, kw_only=True):
    """A submission that a person has to decide about."""

    lines: tuple[LineRow, ...]
    mark: Mark = NO_MARK

    @property
    def first(self) -> LineRow:
        return self.lines[0]

    @property
    def key(self) -> str:
        return self.first.submission

    @property
    def net(self) -> Decimal | None:
        known = [line.net for line in self.lines if line.net is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def required_on(self) -> date | None:
        return min((line.required_on for line in self.lines if line.required_on), default=None)

    @property
    def changed_at(self) -> float:
        return max(line.updated_at for line in self.lines)


class Group(Struct, frozen=True, kw_only=True):
    """Orders with the same state and the same cause, the most urgent first."""

    id: str
    state: str
    cause: str
    orders: tuple[Waiting, ...]

    @property
    def reason(self) -> str:
        """Of all of them, if it is the same to the letter; else empty."""
        reasons = {line.reason for one in self.orders for line in one.lines}
        return reasons.pop() if len(reasons) == 1 else ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.orders)


def groups_of(
    lines: Iterable[LineRow], marks: Mapping[str, Mark], now: float
) -> tuple[list[Group], list[Waiting]]:
    """The groups, the most urgent first; and what is snoozed."""
    by_key: dict[str, list[LineRow]] = {}
    for line in lines:
        by_key.setdefault(line.submission or f"{line.order_number}-{line.line}", []).append(line)
    orders = [Waiting(lines=tuple(found), mark=marks.get(key, NO_MARK)) for key, found in by_key.items()]
    resting = [one for one in orders if one.mark.rests(one.changed_at, now)]
    alike: dict[tuple[str, str], list[Waiting]] = {}
    for one in sorted((one for one in orders if one not in resting), key=_urgency):
        alike.setdefault((one.first.shown_state, cause_of(one.first.reason)), []).append(one)
    groups = [
        Group(id=group_id(state, cause), state=state, cause=cause, orders=tuple(found))
        for (state, cause), found in alike.items()
    ]
    return groups, sorted(resting, key=lambda one: one.mark.snoozed_until)


def group_id(state: str, cause: str) -> str:
    return hashlib.sha256(f"{state}\0{cause}".encode()).hexdigest()[:16]


def _urgency(one: Waiting) -> tuple[date, float]:
    """What is wanted first, then what waits longest."""
    return one.required_on or date.max, one.changed_at


def chosen(groups: Sequence[Group], of: str, keys: Iterable[str], *, whole: bool) -> tuple[str, ...]:
    """Of the group ``of``: all of it, or those of these keys that are in it."""
    wanted = set(keys)
    found = next((group.keys for group in groups if group.id == of), ())
    return found if whole else tuple(one for one in found if one in wanted)
