"""Prices and quantities that no order can have: they wait for a person and never reach the MIS."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from makeready.engine.model import NewWork
from makeready.orders import decisions
from makeready.orders.model import FETCH_ORDER, LineRow
from makeready_admin.inbox.store import waiting_of
from makeready_hooks.model.order import OrderPart
from makeready_lab.demo.orders import plain_order
from pretend import Bench, line, order
from steps import ask_to_look, settle, states
from world import SITE, TRIGGER, World, following


async def place(world: World, members: dict[str, Any]) -> str:
    """An order at its stage, with an item that calls show so."""
    placed = await world.shop.place_order(plain_order(SITE, "117-2284", 1))
    await world.shop.edit(placed.order_number, 1, members)
    await world.shop.move_to_stage(placed.order_number, 1, TRIGGER)
    return str(placed.order_number)


async def look(world: World, number: str) -> LineRow:
    work = NewWork(subscriber="northfield", kind=FETCH_ORDER, key=number, due_at=world.clock())
    await world.installation.store.work.add([work])
    await world.pass_time(0)
    [found] = await world.installation.store.ledger.of_order("northfield", number)
    return found


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"Price": None}, "line 1: no price"),
        ({"Price": ""}, "line 1: no price"),
        ({"Price": -25.0}, "line 1: a price of -25.00"),
        ({"Quantity": -5, "UOMQuantity": -5, "TotalQuantity": -5}, "line 1: a quantity of -5"),
        ({"ItemTax": -2.5}, "line 1: a tax of -2.50"),
        ({"Price": None, "Shipping": -1}, "line 1: no price; line 1: a shipping of -1.00"),
    ],
)
async def test_an_impossible_amount_waits_for_a_person_and_goes_when_the_shop_is_corrected(
    members: dict[str, Any], said: str
) -> None:
    async with following() as world:
        number = await place(world, members)
        for _ in range(2):
            found = await look(world, number)
            assert found.state == "refused"
            assert f"({said})" in found.reason
        assert await world.mis.orders_received() == []
        waiting = await waiting_of(world.installation.store).find("northfield", 10)
        assert [one.reason for one in waiting.lines] == [found.reason]
        right = {
            "Price": 25,
            "Quantity": 1,
            "UOMQuantity": 1,
            "TotalQuantity": 1,
            "ItemTax": 5,
            "Shipping": 1,
        }
        await world.shop.edit(int(number), 1, right)
        assert (await look(world, number)).state == "accepted"
        [sent] = await world.mis.orders_received()
        assert json.loads(sent)["Orders"][0]["Items"][0]["Value"]["Net"] == 25


async def test_a_price_of_nothing_waits_for_a_person_unless_the_product_is_free() -> None:
    async with following() as world:
        number = await place(world, {"Price": 0, "ItemTax": 0})
        assert "a price of 0" in (await look(world, number)).reason
        subscriber = await world.installation.subscriber("northfield")
        rules = msgspec.structs.replace(subscriber.orders, free_products=("2284",))
        changed = msgspec.structs.replace(subscriber, orders=rules)
        await world.installation.store.subscribers.save([changed])
        assert (await look(world, number)).state == "accepted"


PACKS = {"Quantity": 2, "UOMQuantity": 2, "TotalQuantity": 500}
SIZE = "<PricingParms><Options><Option><Key>UOMQty</Key><Value>250</Value></Option></Options></PricingParms>"
DISCOUNT = {"OrderSubtotal": 25.0, "OrderDiscount": 10.0, "OrderShipping": 10.0, "OrderTotal": 25.0}


@pytest.mark.parametrize(
    ("members", "quantity", "net"),
    [
        (PACKS | {"PricingEngineInfo": SIZE}, 500, 25),
        (DISCOUNT | {"Price": 25.0, "ItemTax": 0, "Shipping": 10.0}, 2, 15),
        ({"Price": 33.33335}, 2, 33.33),
        ({"Price": 0.30000000000000004}, 2, 0.3),
    ],
)
async def test_the_mis_gets_the_pieces_and_the_price_that_the_buyer_pays(
    members: dict[str, Any], quantity: int, net: float
) -> None:
    async with following() as world:
        number = await place(world, {"Price": 25.0, **members})
        assert (await look(world, number)).state == "accepted"
        [sent] = await world.mis.orders_received()
        [item] = json.loads(sent)["Orders"][0]["Items"]
        assert (item["Quantity"], item["Value"]["Net"]) == (quantity, net)


async def test_packs_that_do_not_fit_the_total_wait_for_a_person() -> None:
    async with following() as world:
        number = await place(world, {**PACKS, "TotalQuantity": 501})
        assert "a total quantity of 501 contradict one another" in (await look(world, number)).reason
        assert await world.mis.orders_received() == []


async def test_a_price_that_is_corrected_without_a_webhook_is_found_by_comparing() -> None:
    async with following() as world:
        number = await place(world, {"Price": None})
        await look(world, number)
        await world.shop.edit(int(number), 1, {"Price": 25})
        numbers = await world.installation.store.ledger.waiting_orders("northfield", 10)
        assert numbers == [number]


async def refused(bench: Bench, *lines: Any) -> str:
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert set(await states(bench)) == {"refused"}
    [found, *_] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return found.reason


async def test_another_fault_gives_another_reason(bench: Bench) -> None:
    assert "no price" in await refused(bench, line(net=None))
    assert "a price of -1" in await refused(bench, line(net=Decimal(-1)))


async def test_what_is_sent_again_without_a_correction_is_refused_again(bench: Bench) -> None:
    await refused(bench, line(net=None))
    decision = decisions.Decision(subscriber="northfield", key="6994-1", actor="mia")
    await decisions.send_again(bench.installation, decision)
    await settle(bench)
    assert await states(bench) == ["refused"]
    assert bench.mis.received == []


async def test_what_a_person_has_put_aside_stays_so_after_the_correction(bench: Bench) -> None:
    await refused(bench, line(net=None))
    decision = decisions.Decision(subscriber="northfield", key="6994-1", actor="mia")
    await decisions.ignore(bench.installation, decision, "made by hand")
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["ignored"]
    assert bench.mis.received == []


async def test_what_was_refused_for_its_price_ends_when_it_is_denied(bench: Bench) -> None:
    await refused(bench, line(net=None))
    bench.shop.orders["6994"] = order("6994", line(net=None, denied=True))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["cancelled"]


async def test_lines_that_go_together_wait_and_go_on_together(bench: Bench) -> None:
    rules = msgspec.structs.replace(bench.subscriber.orders, grouping="order")
    changed = msgspec.structs.replace(bench.subscriber, orders=rules)
    await bench.installation.store.subscribers.save([changed])
    assert "line 2: no price" in await refused(bench, line(1), line(2, net=None))
    bench.shop.orders["6994"] = order("6994", line(1), line(2), line(3))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"] * 3
    assert [one.key for one in bench.mis.received] == ["6994"]


async def test_a_kit_without_a_price_or_with_a_negative_part_waits(bench: Bench) -> None:
    parts = (OrderPart(part_number="117-2284", description="Kit", quantity=1),)
    assert "no price" in await refused(bench, line(part_number="KIT", net=None, parts=parts))
    bad = (*parts, OrderPart(part_number="117-4107", description="Bag", quantity=-2, net=Decimal(-1)))
    reason = await refused(bench, line(part_number="KIT", parts=bad))
    assert "a quantity of -2 of the part Bag" in reason
    assert "a price of -1 of the part Bag" in reason
