"""Two shops, two companies, one account of an MIS: their references are apart, so that no order is taken for another's."""

from typing import Any

import pytest
from makeready.engine.model import NewWork
from makeready.orders.model import FETCH_ORDER
from makeready.orders.settings import OrderRules
from makeready.subscribers import changes
from makeready_hooks.errors import ConfigError
from msgspec import structs
from pretend import STAGE, Bench, line, order
from steps import settle

RULES: dict[str, Any] = {"trigger_stage": STAGE, "starts_at": "1970-01-01T00:00:00Z"}


def company(number: int, port: int = 7, **orders: Any) -> dict[str, Any]:
    return {
        "title": f"Printer {number}",
        "external_user_id": number,
        "environment": "live",
        "orders": RULES | orders,
        "connectors": {
            "shop": {"user": "u", "password": "p"},
            "mis": {"live": {"user": "m", "password": "p", "port": port}},
        },
    }


async def saved(bench: Bench, name: str, given: dict[str, Any]) -> None:
    await changes.save(bench.installation, [await changes.propose(bench.installation, name, given)])


async def test_the_same_account_under_the_same_references_is_refused(bench: Bench) -> None:
    await saved(bench, "first", company(201))
    with pytest.raises(ConfigError) as caught:
        await saved(bench, "second", company(202))
    assert caught.value.field == "subscribers.second.orders.reference_prefix"
    assert "Printer 201 go to mis at port 7 (live) as well" in str(caught.value)
    assert "such as W-" in caught.value.fix


async def test_it_is_looked_at_again_in_the_change_that_saves(bench: Bench) -> None:
    both = [
        await changes.propose(bench.installation, name, company(number))
        for name, number in (("first", 201), ("second", 202))
    ]
    await changes.save(bench.installation, both[:1])
    with pytest.raises(ConfigError, match="under the same references"):
        await changes.save(bench.installation, both[1:])


@pytest.mark.parametrize("other", [company(202, port=8), company(202, reference_prefix="W-")])
async def test_another_account_or_a_prefix_keeps_them_apart(bench: Bench, other: dict[str, Any]) -> None:
    await saved(bench, "first", company(201))
    await saved(bench, "second", other)


async def test_what_a_change_does_not_bring_in_is_not_refused(bench: Bench) -> None:
    await saved(bench, "first", company(201))
    await saved(bench, "second", company(202, reference_prefix="W-"))
    second = await bench.installation.subscriber("second")
    doubled = structs.replace(second, orders=structs.replace(second.orders, reference_prefix=""))
    await bench.installation.store.subscribers.save([doubled])
    await saved(bench, "second", company(202) | {"title": "Printer two"})
    with pytest.raises(ConfigError, match="under the same references"):
        await saved(bench, "first", company(201, reference_prefix="X-"))
        await saved(bench, "first", company(201))


@pytest.mark.parametrize("wrong", ["1", "W1", "W 1-", "ü-", "a-much-too-long-"])
async def test_a_prefix_ends_with_what_is_no_digit(bench: Bench, wrong: str) -> None:
    """So that a prefix and a number are never another number."""
    with pytest.raises(ConfigError, match="reference_prefix"):
        await saved(bench, "first", company(201, reference_prefix=wrong))


@pytest.mark.parametrize("grouping", ["line", "order"])
async def test_orders_of_one_number_arrive_each_once(bench: Bench, grouping: Any) -> None:
    rules = structs.replace(bench.subscriber.orders, grouping=grouping)
    here = structs.replace(bench.subscriber, orders=rules, version=bench.subscriber.version + 1)
    twin = structs.replace(
        here,
        name="other",
        external_user_id=118,
        url_token="other",
        orders=OrderRules(trigger_stage=STAGE, reference_prefix="W-", grouping=grouping),
    )
    await bench.installation.store.subscribers.save([here, twin])
    both = (line(1), line(2, part_number="118-2284"))
    bench.shop.orders["6994"] = order("6994", *both)
    work = [
        NewWork(subscriber=name, kind=FETCH_ORDER, key="6994", due_at=bench.clock())
        for name in ("northfield", "other")
    ]
    await bench.installation.store.work.add(work)
    await settle(bench)
    keys = {"line": ["6994-1", "W-6994-2"], "order": ["6994", "W-6994"]}[grouping]
    assert sorted(one.key for one in bench.mis.received) == keys
    found = await bench.installation.store.ledger.find("other", keys[1])
    assert found is not None
    assert found.order_number == "6994"
