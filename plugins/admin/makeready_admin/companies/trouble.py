"""How bad a company's trouble is, in words and as a place in the list. Pure."""

from collections.abc import Sequence
from enum import IntEnum

import msgspec
from makeready.attention.model import AttentionCounts
from makeready_hooks.model.setup import State
from makeready_inspect.alarms import Alarm
from makeready_inspect.health import Health
from msgspec import Struct

from makeready_admin.companies.store import OrdersNow, Waiting
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import ngettext

STOPS_ORDERS = ("ledger", "outage:", "person:")
"""How topics of alarms begin when orders cannot go on."""


class Severity(IntEnum):
    """The worst first."""

    STOPPED = 0
    """Orders cannot go on: a connection does not work, or somebody has to change something."""
    STUCK = 1
    """Orders wait for a decision."""
    TOLD = 2
    """Something else is to be looked after."""
    PAUSED = 3
    TO_SET_UP = 4
    FINE = 5


class Since(Struct, frozen=True, kw_only=True):
    """What changed since the midnight before last."""

    new: int
    """Troubles that began, and orders that were rejected or became unconfirmed, and still are."""
    ended: int
    """Orders that were, and are not any more."""
    sent: int
    changed_by: Sequence[str] = ()
    """Who changed settings."""

    @property
    def is_news(self) -> bool:
        return bool(self.new or self.ended or self.changed_by)


class Trouble(Struct, frozen=True, kw_only=True):
    severity: Severity
    words: Sequence[str]
    """What is wrong, the worst first."""


def trouble_of(alarms: Sequence[Alarm], health: Sequence[Health], waiting: Waiting, paused: bool) -> Trouble:
    stops = [one for one in alarms if one.topic.startswith(STOPS_ORDERS)]
    broken = [one for one in health if one.state is State.WRONG]
    words = [one.title for one in stops]
    if not stops:
        words += [
            _("%(title)s does not work: %(why)s") % {"title": one.title, "why": one.text} for one in broken
        ]
    counts = msgspec.structs.replace(waiting.counts, work=0) if stops else waiting.counts
    words += [*waiting_words(counts), *(one.title for one in alarms if one not in stops)]
    if paused:
        words.append(_("paused"))
    return Trouble(severity=_severity(stops, broken, waiting, alarms, health, paused), words=words)


def _severity(
    stops: Sequence[Alarm],
    broken: Sequence[Health],
    waiting: Waiting,
    alarms: Sequence[Alarm],
    health: Sequence[Health],
    paused: bool,
) -> Severity:
    counts = waiting.counts
    if stops or broken:
        return Severity.STOPPED
    if counts.refused + counts.parked - waiting.resting + counts.unreadable > 0:
        return Severity.STUCK
    if alarms or counts.noticed or counts.files or counts.work:
        return Severity.TOLD
    if paused:
        return Severity.PAUSED
    if not health or any(one.state is State.TO_DO for one in health):
        return Severity.TO_SET_UP
    return Severity.FINE


def waiting_words(counts: AttentionCounts) -> list[str]:
    """``2 lines rejected``, of each kind that waits for a person."""
    told = (
        (counts.refused, ngettext("%(num)d line rejected", "%(num)d lines rejected", counts.refused)),
        (counts.parked, ngettext("%(num)d line unconfirmed", "%(num)d lines unconfirmed", counts.parked)),
        (
            counts.unreadable,
            ngettext("%(num)d order cannot be read", "%(num)d orders cannot be read", counts.unreadable),
        ),
        (
            counts.noticed,
            ngettext(
                "%(num)d line changed after it was sent",
                "%(num)d lines changed after they were sent",
                counts.noticed,
            ),
        ),
        (counts.files, ngettext("%(num)d file not given", "%(num)d files not given", counts.files)),
        (
            counts.work,
            ngettext(
                "%(num)d piece of work cannot go on", "%(num)d pieces of work cannot go on", counts.work
            ),
        ),
    )
    return [words % {"num": count} for count, words in told if count]


def since_of(
    alarms: Sequence[Alarm],
    health: Sequence[Health],
    orders: OrdersNow,
    changed_by: Sequence[str],
    since: float,
) -> Since:
    broken = [] if any(one.topic.startswith(STOPS_ORDERS) for one in alarms) else health
    began = [one.since for one in alarms] + [one.at for one in broken if one.state is State.WRONG]
    return Since(
        new=orders.newly_stuck + sum(at >= since for at in began),
        ended=orders.ended,
        sent=orders.sent,
        changed_by=changed_by,
    )
