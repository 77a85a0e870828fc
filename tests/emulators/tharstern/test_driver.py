"""The driver: what people at the printer's do, over HTTP, against a real server."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from makeready_tharstern_emulator import EMULATOR


@pytest.fixture
async def api(served: Any) -> Any:
    return await served()


@pytest.fixture
async def driver(api: Any) -> AsyncIterator[Any]:
    driver = EMULATOR.driver(str(api.http.base_url).rstrip("/"))
    yield driver
    await driver.aclose()


async def test_its_settings_sign_in(api: Any, driver: Any) -> None:
    settings = await driver.connector_settings()
    query = {
        "email": settings["login"],
        "password": settings["password"],
        "applicationId": settings["api_key"],
    }
    token = (await api.details("authentication/GenerateAPIToken", **query))["Token"]
    assert token.strip("0-")
    assert settings["server_url"] == str(api.http.base_url).rstrip("/")
    assert settings["customer_code"] == "ALEY001"
    assert settings["allow_plain_http"] is True


async def test_it_sees_bodies_orders_and_files(api: Any, driver: Any, sample: Any, files: str) -> None:
    body = sample("order-kit.json", files=files)
    await api.post("orders/submit", body)
    assert await driver.settle()
    (order,) = await driver.orders()
    assert await driver.orders_received() == [body]
    assert (order["id"], order["number"], order["reference"]) == (30001, "SO-0030001", "7310-1")
    assert (order["files"][0]["name"], order["files"][0]["bytes"]) == ("poster", 12)


@pytest.mark.parametrize("product", ["4107", "TOTE-NVY"])
async def test_it_sets_prices_and_stock_exactly(api: Any, driver: Any, product: str) -> None:
    await driver.set_price(product, Decimal("4.30"))
    await driver.set_stock(product, Decimal("7.5"))
    answer = await api.get("products", id=4107)
    assert '"Price":4.30,' in answer.text
    assert '"QtyInStock":7.5,' in answer.text


async def test_an_unknown_product_is_a_lookup_error(driver: Any) -> None:
    with pytest.raises(LookupError, match="no product 9999"):
        await driver.set_price("9999", Decimal(1))


async def test_an_unknown_switch_is_a_value_error_and_changes_nothing(api: Any, driver: Any) -> None:
    with pytest.raises(ValueError, match="no switch 'nonsense'"):
        await driver.set_switches({"page-size": "3", "nonsense": "1"})
    assert (await api.control("GET", "switches"))["page-size"] == "100"


async def test_a_reset_is_back_to_the_start(api: Any, driver: Any, sample: Any) -> None:
    await api.post("orders/submit", sample("order-minimal.json"))
    await driver.set_switches({"page-size": "3"})
    await driver.reset()
    assert await driver.orders() == []
    assert await driver.journal() == []
    assert (await api.control("GET", "switches"))["page-size"] == "100"


async def test_the_journal_tells_every_request_with_its_effects(api: Any, driver: Any, sample: Any) -> None:
    await api.post("orders/submit", sample("order-minimal.json"))
    login, submission = await driver.journal()
    assert (login["n"], submission["n"]) == (1, 2)
    assert submission["effects"] == [
        {
            "effect": "order created",
            "id": 30001,
            "number": "SO-0030001",
            "reference": "8f7a3c52-11d4-4e0b-a2c9-64d1e0b7f5aa",
        }
    ]
    assert (submission["verb"], submission["function"], submission["status"]) == (
        "POST",
        "orders/submit",
        200,
    )
    assert submission["body"].encode() == sample("order-minimal.json")
    assert await driver.journal(since=1) == [submission]


async def test_it_moves_orders_and_jobs_on(api: Any, driver: Any, sample: Any) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500})
    await api.post("orders/submit", sample("order-two-lines.json", files="http://files.example"))
    await driver.move_order("SO-0030001", "Dispatched", carrier="Dales Parcels", tracking="DP-1")
    await driver.move_job("J0052001", "Finished")
    (order,), (job,) = await api.items("orders"), await api.items("jobs")
    assert (order["Status"], order["Deliveries"][0]["Courier"]) == ("Dispatched", "Dales Parcels")
    assert job["Status"] == "Finished"


async def test_it_sees_webhooks_that_could_not_be_delivered(api: Any, driver: Any, sample: Any) -> None:
    await driver.set_switches({"webhook-url": "http://127.0.0.1:9/none", "webhook-tries": "1"})
    await api.post("orders/submit", sample("order-minimal.json"))
    await driver.move_order("30001", "In production")
    assert await driver.settle()
    (event,) = await driver.webhooks()
    assert (event["fate"], event["attempts"][0].partition(":")[0]) == ("failed", "ConnectError")


async def test_it_makes_catalogues_and_retires_tokens(api: Any, driver: Any) -> None:
    assert await driver.generate_catalogue(20) == 38
    await driver.expire_tokens()
    assert (await api.get("products")).status_code == 401


async def test_it_is_told_if_work_does_not_end_in_time(
    api: Any, driver: Any, sample: Any, files: str
) -> None:
    await driver.set_switches({"artwork-delay-s": "30"})
    await api.post("orders/submit", sample("order-kit.json", files=files))
    assert await driver.settle(timeout_s=0.05) is False
