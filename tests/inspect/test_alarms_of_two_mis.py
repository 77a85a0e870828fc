"""A company with two MIS: the one that is away is named, and the other is well."""

from makeready.products.routes import RouteRules
from makeready_hooks.errors import RetryLater
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.alarms import Alarm, alarms
from makeready_inspect.health import health_of
from msgspec import structs
from pretend import Bench, Mis, line, order
from steps import ask_to_look, settle

AWAY = RetryLater("The MIS is away.", after_s=60)


async def routed(bench: Bench) -> None:
    routes = RouteRules(products={"4107": "press"}, fallback="mis")
    changed = structs.replace(bench.subscriber, routes=routes, version=bench.subscriber.version + 1)
    await bench.installation.store.subscribers.save([changed])


async def send(bench: Bench, number: str, part_number: str = "117-2284") -> None:
    bench.shop.orders[number] = order(number, line(part_number=part_number))
    await ask_to_look(bench, number)
    await settle(bench)


async def seen(bench: Bench) -> tuple[list[Alarm], dict[str, bool]]:
    """Outages, and which connectors are well, half an hour later."""
    bench.clock.now += 1800
    subscriber = await bench.installation.subscriber("northfield")
    facts = await collect_inputs(bench.installation, subscriber)
    outages = [one for one in alarms(subscriber, facts) if one.topic.startswith("outage")]
    return outages, {one.connector: one.ok for one in health_of(bench.installation, subscriber, facts)}


async def test_the_one_that_is_away_is_named_while_the_other_takes_orders(bench: Bench, press: Mis) -> None:
    await routed(bench)
    press.before_effect += [AWAY]
    await send(bench, "6994", "117-4107")
    bench.clock.now += 10
    await send(bench, "6995")
    [outage], well = await seen(bench)
    assert outage.topic == "outage:mis:press"
    assert outage.title.endswith("has not taken orders")
    assert not outage.title.startswith("The MIS")
    assert "1 order waits (6994-1)" in outage.detail
    assert (well["press"], well["mis"]) == (False, True)


async def test_that_it_took_another_since_ends_it(bench: Bench, press: Mis) -> None:
    await routed(bench)
    press.before_effect += [AWAY]
    await send(bench, "6994", "117-4107")
    bench.clock.now += 10
    await send(bench, "6995", "117-4107")
    outages, well = await seen(bench)
    assert (outages, well["press"]) == ([], True)


async def test_both_are_told_each_with_its_orders(bench: Bench, press: Mis) -> None:
    await routed(bench)
    press.before_effect += [AWAY]
    bench.mis.before_effect += [AWAY]
    await send(bench, "6994", "117-4107")
    await send(bench, "6995")
    outages, _ = await seen(bench)
    assert {one.topic: "6994-1" in one.detail for one in outages} == {
        "outage:mis:press": True,
        "outage:mis:mis": False,
    }
