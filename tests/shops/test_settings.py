"""The first of several shops keeps its numbers: which one it is, and that it stays the same."""

from pathlib import Path
from typing import Any

import pytest
from makeready.subscribers import changes
from makeready_hooks import ListKind, hookimpl
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import Option
from msgspec import structs
from pretend import Bench, Clock, Shop, new_bench, order
from steps import ask_to_look, settle

RECORD = {"user": "u", "password": "hush"}


def company(*connectors: str, **routes: Any) -> dict[str, Any]:
    return {
        "external_user_id": 117,
        "environment": "live",
        "orders": {"trigger_stage": "To the MIS"},
        "routes": routes,
        "connectors": dict.fromkeys(connectors, RECORD),
    }


async def apply(bench: Bench, given: dict[str, Any]) -> changes.Proposal:
    proposal = await changes.propose(bench.installation, "northfield", given)
    await changes.save(bench.installation, [proposal])
    return proposal


@pytest.fixture
async def one_shop(bench: Bench, market: Shop) -> Bench:
    await apply(bench, company("shop", "mis", first_shop="shop"))
    stored = await bench.installation.subscriber("northfield")
    plain = structs.replace(stored, routes=structs.replace(stored.routes, first_shop=""))
    await bench.installation.store.subscribers.save([plain])
    return bench


async def first(bench: Bench) -> str:
    return (await bench.installation.subscriber("northfield")).routes.first_shop


async def test_where_a_second_shop_comes_the_one_that_was_there_is_the_first(one_shop: Bench) -> None:
    proposal = await apply(one_shop, company("shop", "market", "mis"))
    assert "+ subscribers.northfield.routes.first_shop = 'shop'" in map(str, proposal.changes)
    assert await first(one_shop) == "shop"
    proposal = await apply(one_shop, company("shop", "market", "mis"))
    routes = [str(one) for one in proposal.changes if "routes" in one.path]
    assert (routes, await first(one_shop)) == ([], "shop"), "a file that does not name it changes nothing"


async def test_a_company_that_begins_with_two_says_which(one_shop: Bench) -> None:
    given = company("shop", "market", "mis") | {"external_user_id": 118}
    with pytest.raises(ConfigError, match="several shops") as caught:
        await changes.propose(one_shop.installation, "westfield", given)
    assert "Name one of: shop, market" in caught.value.fix
    given |= {"routes": {"first_shop": "market"}, "orders": {"reference_prefix": "W-"}}
    proposal = await changes.propose(one_shop.installation, "westfield", given)
    assert proposal.subscriber.routes.first_shop == "market"
    with pytest.raises(ConfigError, match="several shops"):
        await changes.propose(
            one_shop.installation, "westfield", given | {"routes": {"first_shop": "elsewhere"}}
        )


async def test_another_first_shop_is_refused_once_there_are_orders(one_shop: Bench) -> None:
    await apply(one_shop, company("shop", "market", "mis", first_shop="market"))
    await apply(one_shop, company("shop", "market", "mis", first_shop="shop"))
    proposal = await changes.propose(
        one_shop.installation, "northfield", company("shop", "market", "mis", first_shop="market")
    )
    one_shop.shop.orders["6994"] = order("6994")
    await ask_to_look(one_shop, "6994")
    await settle(one_shop)
    with pytest.raises(ConfigError, match="taken for those of market") as caught:
        await changes.propose(
            one_shop.installation, "northfield", company("shop", "market", "mis", first_shop="market")
        )
    assert "Keep shop" in caught.value.fix
    with pytest.raises(
        ConfigError, match="taken for those of market"
    ):  # an order came while it was looked at
        await changes.save(one_shop.installation, [proposal])


async def test_what_the_first_left_stays_its_own_when_it_goes(one_shop: Bench, market: Shop) -> None:
    """The numbers of the other one do not become those of the one that was there."""
    await apply(one_shop, company("shop", "market", "mis"))
    one_shop.shop.orders["6994"] = market.orders["6994"] = order("6994")
    await ask_to_look(one_shop, "6994")
    await settle(one_shop)
    await apply(one_shop, company("market", "mis"))
    await ask_to_look(one_shop, "market:6994")
    await settle(one_shop)
    assert [one.key for one in one_shop.mis.received] == ["6994-1", "market:6994-1"]


async def test_orders_of_a_shop_that_has_gone_are_asked_of_no_other(one_shop: Bench, market: Shop) -> None:
    await apply(one_shop, company("shop", "market", "mis"))
    await apply(one_shop, company("shop", "mis"))
    await ask_to_look(one_shop, "market:6994")
    await settle(one_shop)
    assert one_shop.shop.reads == []


async def test_stages_of_a_shop_are_held_to_what_holds_for_all(one_shop: Bench) -> None:
    given = company("shop", "market", "mis")
    stages = {"Printing": "Press", "Sent": "Shipping"}
    given["status"] = {"enabled": True, "shop_stages": {"market": {"Printing": "To the MIS"}}}
    with pytest.raises(ConfigError, match=r"status\.shop_stages\.market: Printing leads to To the MIS"):
        await apply(one_shop, given)
    given["status"]["shop_stages"] = {"market": {**stages, "Packed": "Press"}}
    with pytest.raises(ConfigError, match=r"status\.shop_stages\.market comes back to a stage"):
        await apply(one_shop, given)
    given["status"]["shop_stages"] = {"market": stages}
    await apply(one_shop, given)
    given["status"]["shop_stages"] = {"market": dict(reversed(stages.items()))}
    proposal = await apply(one_shop, given)
    assert any("shop_stages.market (their order)" in one.path for one in proposal.changes)


async def test_a_route_from_what_is_no_shop_is_refused(one_shop: Bench) -> None:
    with pytest.raises(ConfigError, match="no shop mis"):
        await apply(one_shop, company("shop", "market", "mis", shops={"mis": "mis"}))
    with pytest.raises(ConfigError, match="no MIS shop"):
        await apply(one_shop, company("shop", "market", "mis", shops={"market": "shop"}))


class Silent(Shop):
    """A shop that lists no stages."""

    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        return None


async def test_a_stage_counts_as_missing_only_where_every_shop_tells_its_own(
    one_shop: Bench, tmp_path: Path, clock: Clock
) -> None:
    given = company("shop", "market", "mis")
    given["orders"]["site_trigger_stages"] = {"market:shop.example": "Print now"}
    with pytest.raises(ConfigError, match="no stage Print now"):
        await apply(one_shop, given)
    silent = new_bench(tmp_path, clock, market=Silent(), name="silent.db")
    await silent.installation.store.subscribers.save([silent.subscriber])
    await apply(silent, given)
    await silent.installation.aclose()
