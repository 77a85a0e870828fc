"""How all companies are: the facts of each, read for all of them together, and what follows from them."""

from collections.abc import Sequence

from makeready.attention.model import COMPARED, UNANNOUNCED
from makeready.extensions import installed
from makeready.installation import Installation
from makeready.storage.clock_steps import CLOCK_SET, CLOCK_SET_BY
from makeready.subscribers.model import Subscriber
from makeready.times import midnight
from makeready_hooks import Role
from makeready_inspect.alarm_inputs import can_install, collect_inputs
from makeready_inspect.alarms import HOUR, SHOWN_KEYS, Alarm, AlertInputs, alarms
from makeready_inspect.health import Health, health_of
from msgspec import Struct

from makeready_admin.companies.store import Asked, OrdersNow, Waiting, all_of
from makeready_admin.companies.trouble import Since, Trouble, since_of, trouble_of

DAY_S = 86_400.0


class Company(Struct, frozen=True, kw_only=True):
    subscriber: Subscriber
    facts: AlertInputs
    alarms: Sequence[Alarm]
    health: Sequence[Health]
    waiting: Waiting
    orders: OrdersNow
    since: Since
    trouble: Trouble

    @property
    def last_placed_at(self) -> float:
        return self.facts.last_placed_at


async def companies_now(installation: Installation, subscribers: Sequence[Subscriber]) -> list[Company]:
    """The worst first."""
    asked, store = _asked(subscribers, installation.clock()), all_of(installation)
    facts = await all_inputs(installation, subscribers)
    orders, changed_by = await store.orders(asked), await store.changed_by(asked)
    waiting = await store.waiting(asked, installation.clock())
    found = [
        _company(
            installation,
            one,
            facts[one.name],
            orders[one.name],
            waiting[one.name],
            changed_by.get(one.name, ()),
        )
        for one in subscribers
    ]
    return sorted(found, key=_worst_first)


def _worst_first(one: Company) -> tuple[int, int, str]:
    return one.trouble.severity, -(one.orders.stuck + one.orders.unreadable), one.subscriber.title.casefold()


def _company(
    installation: Installation,
    subscriber: Subscriber,
    facts: AlertInputs,
    orders: OrdersNow,
    waiting: Waiting,
    changed_by: Sequence[str],
) -> Company:
    told, health = alarms(subscriber, facts), health_of(installation, subscriber, facts)
    yesterday = midnight(subscriber.alerts.time_zone, facts.now, days_ago=1)
    return Company(
        subscriber=subscriber,
        facts=facts,
        alarms=told,
        health=health,
        waiting=waiting,
        orders=orders,
        since=since_of(told, health, orders, changed_by, yesterday),
        trouble=trouble_of(told, health, waiting, bool(facts.pauses)),
    )


async def all_inputs(installation: Installation, subscribers: Sequence[Subscriber]) -> dict[str, AlertInputs]:
    """As `makeready_inspect.alarm_inputs.collect_inputs` of each. Where something fails at one of several MIS, that company
    is asked for by itself.
    """
    store, now = all_of(installation), installation.clock()
    asked, types = _asked(subscribers, now), installed().work_types
    failing = await store.failing([kind for kind, one in types.items() if one.waits])
    moments, calls = await store.moments(asked, now), await store.calls()
    late = await store.late([one for one in asked if one.late], SHOWN_KEYS)
    over_budget = await store.over_budget(asked, int(now // HOUR) - 1)
    noted, pauses = await store.checkpoints(), await installation.store.pauses.all(now)
    found = {}
    for one in subscribers:
        mis = [name for name in one.connectors if _is_mis(installation, name)]
        if len(mis) > 1 and failing.get(one.name):
            found[one.name] = await collect_inputs(installation, one)
            continue
        known = noted.get("", {}) | noted.get(one.name, {})
        found[one.name] = AlertInputs(
            now=now,
            failing=failing.get(one.name, []),
            types=types,
            last_accepted_at=moments[one.name].last_accepted_at,
            last_placed_at=moments[one.name].last_placed_at,
            last_webhook_at=moments[one.name].last_webhook_at,
            can_install=can_install(installation, one),
            unannounced_at=known.get(UNANNOUNCED, 0.0),
            compared_at=known.get(COMPARED, 0.0),
            clock_set_at=known.get(CLOCK_SET, 0.0),
            clock_set_by_s=known.get(CLOCK_SET_BY, 0.0),
            calls=calls.get(one.name, []),
            pauses=[pause for pause in pauses if pause.subscriber in ("", one.name)],
            waiting=late.get(one.name, {}),
            over_budget=over_budget.get(one.name, 0),
            titles={name: installation.kinds[name].title for name in mis},
        )
    return found


def _is_mis(installation: Installation, connector: str) -> bool:
    return connector in installation.kinds and installation.kinds[connector].role is Role.MIS


def _asked(subscribers: Sequence[Subscriber], now: float) -> list[Asked]:
    zones = {one.alerts.time_zone for one in subscribers}
    days = {zone: (midnight(zone, now), midnight(zone, now, days_ago=1)) for zone in zones}
    return [
        Asked(one.name, *days[one.alerts.time_zone], now - days_late * DAY_S if days_late else 0.0)
        for one in subscribers
        for days_late in (one.orders.waiting_days,)
    ]
