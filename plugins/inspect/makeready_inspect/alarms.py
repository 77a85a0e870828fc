"""What people should know of although no single order needs them: pure decisions over what is known."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from makeready.attention.model import AlertRules, counted
from makeready.attention.working_hours import working_time
from makeready.engine.model import MOST_FAILING, TAKE_OVER, FailingWork, Pause, WorkType
from makeready.orders.model import RECONCILE
from makeready.outbound.model import KindOfCall
from makeready.subscribers.model import Subscriber
from makeready_hooks import Role
from msgspec import Struct

SHOWN_KEYS = 10
HOUR = 3600.0
DAY = 24 * HOUR


URGENT = ("outage:", "person:", "ledger")
"""How the topics begin of what stops orders: people are told of it in their quiet hours, too."""


def is_urgent(topic: str) -> bool:
    return topic.startswith(URGENT)


class Alarm(Struct, frozen=True, kw_only=True):
    topic: str
    """Stays the same while the same trouble lasts."""
    title: str
    """Half a sentence that can be followed by *since* and by *is over*."""
    since: float
    detail: str
    """How much it holds up, and what to do."""


class AlertInputs(Struct, frozen=True, kw_only=True):
    """What alarms are made from. Moments are 0 for never."""

    now: float
    failing: Sequence[FailingWork]
    """Of the types that say what an order waits for."""
    types: Mapping[str, WorkType]
    """Of all work, by kind."""
    last_accepted_at: float
    last_placed_at: float
    last_webhook_at: float
    can_install: bool
    """Whether the shop's connector makes its webhook itself."""
    unannounced_at: float
    """When orders were found of which no webhook had told, in a time without any webhook."""
    compared_at: float
    """The last regular comparison with the shop."""
    pauses: Sequence[Pause] = ()
    """What is paused now."""
    waiting: Mapping[str, float] = {}
    """Orders that have waited too long for an approval or a stage, and when they were placed."""
    clock_set_at: float = 0.0
    """By a minute or more, the last time."""
    clock_set_by_s: float = 0.0
    mis_of: Mapping[str, str] = {}
    """Where a company has several MIS: the connector of each submission that fails; when that MIS took one since, or 0."""
    taken_at: Mapping[str, float] = {}
    titles: Mapping[str, str] = {}
    """Of those connectors."""
    over_budget: int = 0
    """Buyers' questions of this hour and the one before that did not reach the MIS, since more was asked than is allowed."""
    calls: Sequence[KindOfCall] = ()
    """How the last ones of each kind went, the longest failing first."""

    def is_outage(self, work: FailingWork, side: Role) -> bool:
        """Whether it tells that a side takes or gives no orders."""
        work_type = self.types.get(work.kind)
        return work_type is not None and work_type.outage and work_type.side is side

    def concerns(self, work: FailingWork, side: Role, connector: str) -> bool:
        work_type = self.types.get(work.kind)
        whose = self.mis_of.get(work.key, connector) if side is Role.MIS else connector
        return work_type is not None and work_type.side is side and whose == connector

    def holds_up_its_mis(self, work: FailingWork) -> bool:
        """Whether the MIS that it goes to took nothing since: one order's own trouble is no outage."""
        taken = self.taken_at.get(self.mis_of.get(work.key, ""), self.last_accepted_at)
        return self.is_outage(work, Role.MIS) and work.failing_since > taken


def alarms(subscriber: Subscriber, facts: AlertInputs) -> list[Alarm]:
    """All that is so now."""
    rules = subscriber.alerts
    return [
        *_mis_outage(rules, facts),
        *_shop_outage(rules, facts),
        *_stopped(facts),
        *_needs_person(facts),
        *_silence(subscriber, facts),
        *_webhooks(subscriber, facts),
        *_waiting(subscriber, facts),
        *_over_budget(facts),
        *_clock(facts),
    ]


def _mis_outage(rules: AlertRules, facts: AlertInputs) -> Iterator[Alarm]:
    """Each MIS on its own."""
    by_mis: dict[str, list[FailingWork]] = {}
    for work in is_retrying(facts.failing):
        if facts.holds_up_its_mis(work):
            by_mis.setdefault(facts.mis_of.get(work.key, ""), []).append(work)
    for mis, waiting in by_mis.items():
        if facts.now - waiting[0].failing_since >= rules.outage_after_s:
            detail = f"{_orders(waiting)}. They will be sent by themselves. Last error: {waiting[-1].error}"
            yield Alarm(
                topic=f"outage:mis:{mis}" if mis else "outage:mis",
                title=f"{facts.titles.get(mis, 'The MIS')} has not taken orders",
                since=waiting[0].failing_since,
                detail=detail,
            )


def _shop_outage(rules: AlertRules, facts: AlertInputs) -> Iterator[Alarm]:
    """The regular comparison tells it: one order that cannot be read is no outage."""
    healing = [work for work in is_retrying(facts.failing) if facts.is_outage(work, Role.STOREFRONT)]
    for work in healing:
        if work.kind == RECONCILE and facts.now - work.failing_since >= rules.outage_after_s:
            waiting = [one for one in healing if one.kind != RECONCILE]
            yield Alarm(
                topic="outage:shop",
                title="The shop could not be read",
                since=work.failing_since,
                detail=f"{_orders(waiting)}. They will be read by themselves. Last error: {work.error}",
            )


def _stopped(facts: AlertInputs) -> Iterator[Alarm]:
    """The state file may be a copy of one that is at work elsewhere."""
    stopped = [one for one in facts.pauses if one.by_ledger]
    if stopped:
        yield Alarm(
            topic="ledger",
            title="Nothing is sent",
            since=min(one.since for one in stopped),
            detail=f"{stopped[0].reason} {TAKE_OVER}",
        )


def _needs_person(facts: AlertInputs) -> Iterator[Alarm]:
    """A sign-in that is refused, a setting that is wrong: each error once, however much work meets it."""
    by_error: dict[str, list[FailingWork]] = {}
    for work in facts.failing:
        if work.needs_person:
            by_error.setdefault(work.error, []).append(work)
    for error, works in by_error.items():
        yield Alarm(
            topic=f"person:{hashlib.sha256(error.encode()).hexdigest()[:16]}",
            title=f"Something has to be changed before work can go on ({error})",
            since=works[0].failing_since,
            detail=f"{_orders([work for work in works if work.kind != RECONCILE])}. "
            "It is tried again by itself; Retry all now, on the page Needs attention, does it at once, "
            "or: makeready orders retry.",
        )


def _silence(subscriber: Subscriber, facts: AlertInputs) -> Iterator[Alarm]:
    """Counted from the last order. A subscriber that never had one has not begun."""
    enough = subscriber.alerts.silence_h * HOUR
    if not enough or not facts.last_placed_at:
        return
    hours = working_time(subscriber.alerts)
    if hours.seconds_between(facts.last_placed_at, facts.now, enough=enough) >= enough:
        yield Alarm(
            topic="silence",
            title="No order has come in",
            since=facts.last_placed_at,
            detail=f"That is {subscriber.alerts.silence_h:g} working hours or more. Look whether the shop takes orders; "
            f"then test the connections in the settings, or: makeready subscriber check {subscriber.name}.",
        )


def _webhooks(subscriber: Subscriber, facts: AlertInputs) -> Iterator[Alarm]:
    """Some time is given to a webhook that is late."""
    late_s = facts.now - facts.unannounced_at
    gone = facts.unannounced_at > facts.last_webhook_at
    if gone and late_s >= subscriber.alerts.outage_after_s:
        again = (
            f"Set the webhook up again in the settings, or: makeready subscriber install {subscriber.name}."
        )
        by_hand = "Look in the shop whether its webhook still leads to the address on the company's page."
        yield Alarm(
            topic="webhooks",
            title="Orders come in, but the shop's webhooks do not",
            since=facts.last_webhook_at or facts.unannounced_at,
            detail="Orders are found by comparing, which costs delay only. "
            f"{again if facts.can_install else by_hand}",
        )


def _waiting(subscriber: Subscriber, facts: AlertInputs) -> Iterator[Alarm]:
    """Each order once; the stage may be one that its workflow does not have."""
    for number, placed_at in facts.waiting.items():
        yield Alarm(
            topic=f"waiting:{number}",
            title=f"Order {number} has been waiting for its approval or stage",
            since=placed_at,
            detail=f"That is {subscriber.orders.waiting_days:g} days or more. Move it on in the shop, if its workflow has "
            f"the stage {subscriber.orders.trigger_stage}; or say that it shall not be sent.",
        )


def _over_budget(facts: AlertInputs) -> Iterator[Alarm]:
    if facts.over_budget:
        yield Alarm(
            topic="price-budget",
            title="More prices are asked than the budget for questions to the MIS allows",
            since=facts.now - facts.now % HOUR - HOUR,
            detail=f"{counted(facts.over_budget, 'question')} had the last known price, or none. If buyers asked "
            "them, allow more questions in the settings of prices; if not, give the shop's pricing engine another address.",
        )


def _clock(facts: AlertInputs) -> Iterator[Alarm]:
    """For a day. Nobody has to do anything if it was meant."""
    if facts.clock_set_at and abs(facts.now - facts.clock_set_at) < DAY:
        minutes = round(abs(facts.clock_set_by_s) / 60)
        yield Alarm(
            topic=f"clock:{facts.clock_set_at:.0f}",
            title=f"The clock of the server was set {'forward' if facts.clock_set_by_s > 0 else 'back'} by "
            f"{counted(minutes, 'minute')}",
            since=facts.clock_set_at,
            detail="What was waited for was moved along, so that nothing is late or sent twice by it. If nobody set it, "
            "look after the time service of the machine.",
        )


def is_retrying(failing: Sequence[FailingWork]) -> list[FailingWork]:
    """What is tried again and may go well by itself, the longest first."""
    return [work for work in failing if not work.needs_person]


def _orders(works: Sequence[FailingWork]) -> str:
    """``2 orders wait (6994-1, 6995)``."""
    keys = list(dict.fromkeys(work.key for work in works))
    if not keys:
        return "No order waits for it yet"
    more = ", ..." if len(keys) > SHOWN_KEYS else ""
    verb = "waits" if len(keys) == 1 else "wait"
    least = "at least " if len(works) >= MOST_FAILING else ""
    return f"{least}{counted(len(keys), 'order')} {verb} ({', '.join(keys[:SHOWN_KEYS])}{more})"
