"""The shop's shipping method becomes the MIS's carrier and service by the table in the settings, or follows a rule."""

from typing import Any

import msgspec
import pytest
from makeready.orders.settings import OrderRules, ShippingRules
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready_hooks import Capability
from makeready_hooks.model.order import Carriage, Party
from makeready_hooks.model.submission import OrderRequest
from pretend import SITE, STAGE, Bench, line, order
from steps import ask_to_look, settle

ROWS = {"Express": "DHL / Express", "Collect": "Counter"}
EXPRESS = Carriage(carrier="DHL", service="Express")


async def set_rules(bench: Bench, takes: bool = True, **rules: Any) -> None:
    bench.mis.can = frozenset({Capability.CARRIERS}) if takes else frozenset()
    orders = OrderRules(trigger_stage=STAGE, starts_at=bench.subscriber.orders.starts_at, grouping="order")
    changed = msgspec.structs.replace(bench.subscriber, shipping=ShippingRules(**rules), orders=orders)
    await bench.installation.store.subscribers.save([changed])


async def send(bench: Bench, *methods: str) -> str:
    """Why the lines wait; "" if they went."""
    lines = (line(number, shipping_method=one) for number, one in enumerate(methods, 1))
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)
    [found, *_] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return "" if found.state == "accepted" else found.reason


def sent(bench: Bench) -> OrderRequest:
    [prepared] = bench.mis.received
    return msgspec.json.decode(prepared.payload, type=OrderRequest)


async def texts(bench: Bench) -> list[str]:
    subscriber = await bench.installation.subscriber("northfield")
    found = await preview_order(bench.installation, subscriber, "6994")
    return [each.text for one in found for each in one.shipping]


async def test_each_line_carries_the_carrier_and_service_of_its_row(bench: Bench) -> None:
    await set_rules(bench, methods=ROWS)
    assert await send(bench, "express ", "Collect", "") == ""
    carried = [one.carriage for one in sent(bench).order.lines]
    assert carried == [EXPRESS, Carriage(carrier="Counter"), None]
    told = [
        "Line 1: express  → row of all sites → DHL / Express",
        "Line 2: Collect → row of all sites → Counter",
    ]
    assert await texts(bench) == told
    found = await order_story(bench.installation, "northfield", "6994")
    assert found is not None
    assert [each.text for each in found.sent[0].shipping] == told, "kept with what was sent"


async def test_a_row_of_the_site_goes_first(bench: Bench) -> None:
    await set_rules(bench, methods=ROWS, site_methods={SITE.upper(): {"Express": "Bike"}, "other": ROWS})
    assert await send(bench, "Express") == ""
    assert sent(bench).order.lines[0].carriage == Carriage(carrier="Bike")
    assert await texts(bench) == [f"Line 1: Express → row of {SITE} → Bike"]


@pytest.mark.parametrize("takes", [True, False])
@pytest.mark.parametrize("other_methods", ["leave", "note", "wait"])
async def test_what_no_row_names_or_the_mis_cannot_take_follows_the_rule(
    bench: Bench, other_methods: str, takes: bool
) -> None:
    await set_rules(bench, takes, methods={} if takes else ROWS, other_methods=other_methods)
    reason = await send(bench, "Express", "Express")
    if other_methods == "wait":
        assert "the shipping method Express" in reason
        assert ("no row names it" if takes else "this MIS takes no carriers") in reason
        assert bench.mis.received == []
        return
    assert reason == ""
    assert [one.carriage for one in sent(bench).order.lines] == [None, None]
    note = "Shipping method of line 1: Express. Shipping method of line 2: Express."
    assert sent(bench).note == (note if other_methods == "note" else "")
    assert all(one.endswith("→ the MIS decides") for one in await texts(bench))


async def test_a_line_that_waits_goes_when_its_row_is_there(bench: Bench) -> None:
    await set_rules(bench, other_methods="wait")
    assert await send(bench, "Express")
    await set_rules(bench, other_methods="wait", methods=ROWS)
    assert await send(bench, "Express") == ""
    assert sent(bench).order.lines[0].carriage == EXPRESS


def test_lines_of_one_address_and_way_go_together() -> None:
    home, work = Party(first_name="Ada"), Party(business="Works")
    lines = [
        line(1, ship_to=home),
        line(2, ship_to=work),
        line(3, ship_to=home, carriage=EXPRESS),
        line(4, ship_to=home),
        line(5, ship_to=home, net=-1),
    ]
    request = OrderRequest(key="1", order=order("1", *lines), product_ids=("1",) * 5)
    assert [(one.ship_to, one.carriage, one.rows) for one in request.consignments] == [
        (home, None, (0, 3)),
        (work, None, (1,)),
        (home, EXPRESS, (2,)),
    ]
