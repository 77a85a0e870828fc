"""*Test connection* looks up the customer codes that orders will really carry, and changes nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from makeready.subscribers import changes
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import Check, State
from makeready_inspect.check import check_subscriber
from makeready_lab.demo.orders import plain_order
from world import SITE, World, following


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with following(enabled=False) as made:
        yield made


async def findings(world: World, **settings: Any) -> list[Check]:
    """Of customers, with these settings of Tharstern."""
    part = {"connectors": {"tharstern": settings}}
    proposal = await changes.propose(world.installation, "northfield", part)
    await changes.save(world.installation, [proposal])
    subscriber = await world.installation.subscriber("northfield")
    found = await check_subscriber(world.installation, subscriber)
    return [one for name, one in found if name == "tharstern" and one.name.startswith("customer")]


async def place(world: World) -> str:
    """An order that nobody has read yet."""
    placed_at = datetime.fromtimestamp(world.clock(), UTC).replace(tzinfo=None).isoformat()
    placed = await world.shop.place_order(plain_order(SITE, "117-2284", 1, placed_at))
    return str(placed.order_number)


async def test_the_buyer_s_id_that_orders_carry_is_looked_up_and_told_with_its_setting(world: World) -> None:
    number = await place(world)
    before = (await world.shop.state(), await world.mis.orders())
    configured, of_orders = await findings(world, customer_code_rule="buyer-id", customer_code="ALEY001")
    assert (configured.state, configured.message) == (State.OK, "Customer ALEY001 exists.")
    assert of_orders.state is State.WRONG
    assert of_orders.message.startswith(f"Order {number} carries the customer code ")
    assert "is not known to Tharstern" in of_orders.message
    assert of_orders.message.endswith("is the shop's id of the buyer.")
    assert of_orders.fix.startswith("See the setting connectors.tharstern.customer_code_rule;")
    assert (await world.shop.state(), await world.mis.orders()) == before


async def test_an_order_that_the_mis_took_had_a_customer_whatever_its_list_says(world: World) -> None:
    await world.order()
    await world.pass_time(0)
    assert len(await world.mis.orders()) == 1
    _, of_orders = await findings(world, customer_code_rule="buyer-id", customer_code="ALEY001")
    assert (of_orders.state, of_orders.message) == (
        State.OK,
        "The MIS took the last order of each of the last buyers.",
    )


async def test_a_fixed_code_is_what_orders_carry(world: World) -> None:
    number = await place(world)
    _, of_orders = await findings(world, customer_code_rule="fixed", customer_code="ALEY001")
    assert of_orders.state is State.OK
    assert of_orders.message == f"Order {number} carries customer ALEY001, which exists."


async def test_without_an_order_a_rule_by_buyers_is_left_to_do(world: World) -> None:
    _, of_orders = await findings(world, customer_code_rule="buyer-external-id", customer_code="ALEY001")
    assert of_orders.state is State.TO_DO
    assert "no order is known yet" in of_orders.message
    assert [one.state for one in await findings(world, customer_code_rule="fixed")] == [State.OK]


async def test_every_code_that_settings_name_is_looked_up(world: World) -> None:
    wrong, right = await findings(
        world,
        customer_code_rule="fixed",
        customer_code="ALEY001",
        department_customer_codes={"Marketing": "NOBODY"},
        group_customer_codes={"Trade": "ALEY001"},
    )
    assert (wrong.state, wrong.message) == (State.WRONG, "Tharstern has no customer NOBODY.")
    assert wrong.fix.startswith("Correct department_customer_codes")
    assert (right.state, right.message) == (State.OK, "Customer ALEY001 exists.")


async def test_an_order_that_cannot_name_a_customer_is_told(world: World) -> None:
    await findings(world, customer_code_rule="fixed", customer_code="")
    await place(world)
    [found] = await findings(world)
    assert found.state is State.WRONG
    assert "has no customer code" in found.message


async def test_a_change_by_which_orders_carry_an_unknown_customer_is_refused(world: World) -> None:
    await findings(world, customer_code_rule="fixed", customer_code="ALEY001")
    await place(world)
    for settings, words in (
        ({"customer_code_rule": "buyer-id"}, "is not known to Tharstern: every order like it is refused"),
        ({"customer_code": "NOBODY"}, "customer code NOBODY, which is not known to Tharstern"),
        ({"customer_code": ""}, "has no customer code"),
    ):
        with pytest.raises(ConfigError, match=words) as refused:
            await findings(world, **settings)
        assert refused.value.field == "subscribers.northfield.connectors.tharstern"
        assert refused.value.fix
    assert (await findings(world, initial_status="Received"))[-1].state is State.OK


async def test_what_was_wrong_before_hinders_no_other_change(world: World) -> None:
    await findings(world, customer_code_rule="buyer-id")
    await place(world)
    assert (await findings(world, initial_status="Received"))[-1].state is State.WRONG
    assert (await findings(world, customer_code_rule="fixed", customer_code="ALEY001"))[-1].state is State.OK
