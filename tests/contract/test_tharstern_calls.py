"""Tharstern's functions beyond the contract's hooks, against the emulator."""

from collections.abc import AsyncIterator
from decimal import Decimal

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.testing.kit import Vendor, emulating
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.settings import TharsternSettings
from makeready_tharstern_emulator import EMULATOR

CARD_TYPE = "23"
SEEN_BY_ALEY001 = 17
"""Products of the scenario that the customer of the settings may see; one is another customer's."""


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with emulating(EMULATOR, {"artwork": "off"}) as made:
        yield made


def client_of(vendor: Vendor, **changes: object) -> TharsternClient:
    settings = msgspec.convert({**vendor.settings, **changes}, TharsternSettings, dec_hook=decode_secret)
    return TharsternClient(settings, vendor.http)


async def card(client: TharsternClient, title: str, quantity: int = 500) -> dict:
    example = await client.example_request(CARD_TYPE)
    return {**example, "Title": title, "Quantity": quantity}


async def test_an_example_request_comes_back_as_an_estimate_with_a_price(vendor: Vendor) -> None:
    client = client_of(vendor)
    estimate = await client.estimate(await card(client, "PR-1"))
    assert estimate.total is not None
    assert estimate.total > Decimal(0)
    assert [one.ref for one in await client.estimates(ids=[estimate.id])] == [estimate.ref]
    assert [one.id for one in await client.estimates(keyword="PR-1")] == [estimate.id]


async def test_the_same_estimate_in_another_quantity_is_another_record(vendor: Vendor) -> None:
    client = client_of(vendor)
    first = await client.estimate(await card(client, "PR-1"))
    second = await client.estimate_again(first.id, 1000)
    assert second.id != first.id
    assert second.extra["Quantity"] == 1000


async def test_an_estimate_that_exists_although_a_failure_was_reported_is_found() -> None:
    async with emulating(EMULATOR, {"estimate-false": "next:1"}) as vendor:
        client = client_of(vendor)
        estimate = await client.estimate(await card(client, "PR-2"))
        assert estimate.title == "PR-2"
        assert len(await client.estimates(keyword="PR-2")) == 1


async def test_an_estimate_that_tharstern_refuses_has_its_reason(vendor: Vendor) -> None:
    client = client_of(vendor)
    with pytest.raises(Refused, match="Quantity"):
        await client.estimate(await card(client, "PR-3", quantity=0))


@pytest.mark.parametrize("size", ["1", "7", "100"])
async def test_all_products_are_read_whatever_the_size_of_a_page(size: str) -> None:
    async with emulating(EMULATOR, {"page-size-limit": size}) as vendor:
        products = await client_of(vendor).all_products()
        assert len({product.id for product in products}) == len(products) == SEEN_BY_ALEY001


async def test_a_site_that_pages_in_another_way_is_told_from_one_that_is_empty() -> None:
    switches = {"page-size": "5", "page-number-name": "seite", "page-size-name": "groesse"}
    async with emulating(EMULATOR, switches) as vendor:
        with pytest.raises(Refused, match="page_name"):
            await client_of(vendor).all_products()
        names = {"page_name": "seite", "page_size_name": "groesse"}
        assert len(await client_of(vendor, assumptions=names).all_products()) == SEEN_BY_ALEY001


@pytest.mark.parametrize("form", ["401-json", "401-html", "200-false"])
async def test_a_token_that_has_expired_is_renewed_and_nobody_notices(form: str) -> None:
    async with emulating(EMULATOR, {"token-calls": "2", "expired-reply": form}) as vendor:
        client = client_of(vendor)
        for _ in range(9):
            assert len(await client.products_by_id(("2284",))) == 1


async def test_an_error_page_is_try_later(vendor: Vendor) -> None:
    async with emulating(
        EMULATOR, {"error-before": "1", "error-status": "503", "error-body": "html"}
    ) as broken:
        with pytest.raises(RetryLater):
            await client_of(broken).all_products()


@pytest.mark.parametrize("size", ["1", "4"])
async def test_orders_are_all_read_from_a_site_that_pages_them_in_a_way_that_nobody_knows(size: str) -> None:
    async with emulating(
        EMULATOR, {"artwork": "off", "page-size": size, "page-size-name": "groesse"}
    ) as vendor:
        client = client_of(vendor)
        ids = [str((await client.submit_order(an_order_body(number))).id) for number in range(9)]
        assert [str(order.id) for order in await client.orders(ids=[*ids, "999999"])] == ids


async def test_orders_by_number_and_by_id_are_found_together(vendor: Vendor) -> None:
    client = client_of(vendor)
    first, second = [await client.submit_order(an_order_body(number)) for number in range(2)]
    found = await client.orders(ids=[str(first.id)], numbers=[second.number])
    assert [order.id for order in found] == [first.id, second.id]


def an_order_body(number: int) -> bytes:
    order = {
        "UniqueSubmitOrderID": f"7101-{number}",
        "InvoiceCustomer": {"Code": "ALEY001"},
        "OrderDate": "2026-03-02T09:15:29",
        "RequiredDate": "2026-03-09T00:00:00",
        "Items": [{"StockItemID": "2284", "Quantity": 1}],
    }
    return msgspec.json.encode({"Orders": [order]})
