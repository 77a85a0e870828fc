"""Faults on demand, against a real server: who sees what, and what has happened nevertheless."""

import asyncio
from typing import Any

import httpx
import pytest


@pytest.fixture
async def api(served: Any) -> Any:
    return await served({"fault-path": "orders/submit"})


@pytest.fixture
def order(sample: Any) -> bytes:
    body: bytes = sample("order-minimal.json")
    return body


@pytest.mark.parametrize(("fault", "orders"), [("reset", 0), ("answer-lost", 1)])
async def test_a_cut_connection_is_an_error_whatever_has_happened(
    api: Any, order: bytes, fault: str, orders: int
) -> None:
    await api.control("PUT", "switches", {fault: "next:1"})
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await api.post("orders/submit", order)
    assert len(await api.orders()) == orders
    entry = (await api.journal())[-1]
    assert (entry["status"], entry["faults"], len(entry["effects"])) == (None, [fault], orders)


@pytest.mark.parametrize("protocol", ["h11", "httptools"])
async def test_a_cut_reaches_the_socket_under_both_protocols_of_the_server(
    served: Any, order: bytes, protocol: str
) -> None:
    api = await served({"fault-path": "orders/submit", "answer-lost": "next:1"}, protocol=protocol)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await api.post("orders/submit", order)
    assert len(await api.orders()) == 1


async def test_an_effect_can_come_after_the_connection_was_cut(api: Any, order: bytes) -> None:
    await api.switch(effect_late="next:1", effect_late_s="0.5")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await api.post("orders/submit", order)
    assert await api.orders() == []
    await api.settle()
    assert len(await api.orders()) == 1
    entry = (await api.journal())[-1]
    assert (entry["status"], entry["effects"][0]["effect"]) == (None, "order created")


async def test_the_connection_of_a_lost_answer_is_really_reset(api: Any, order: bytes) -> None:
    await api.switch(answer_lost="next:1")
    reader, writer = await asyncio.open_connection("127.0.0.1", api.http.base_url.port)
    head = f"POST /TharsternAPI/api/orders/submit HTTP/1.1\r\nhost: x\r\ncontent-length: {len(order)}\r\n"
    writer.write(f"{head}authorization: {api.headers['Authorization']}\r\n\r\n".encode() + order)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    assert len(await api.orders()) == 1


@pytest.mark.parametrize(("fault", "orders"), [("error-before", 0), ("error-after", 1)])
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_error_is_a_page_before_or_after_the_effect(
    api: Any, order: bytes, fault: str, orders: int, status: int
) -> None:
    await api.control("PUT", "switches", {fault: "next:1", "error-status": str(status)})
    answer = await api.post("orders/submit", order)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html")
    assert len(await api.orders()) == orders


async def test_a_server_error_can_carry_json_or_nothing(api: Any, order: bytes) -> None:
    await api.switch(error_before="1", error_body="json")
    assert (await api.post("orders/submit", order)).json() == {"Message": "An error has occurred."}
    await api.switch(error_body="empty")
    assert (await api.post("orders/submit", order)).content == b""


async def test_an_answer_can_be_cut_short_although_the_order_is_there(api: Any, order: bytes) -> None:
    await api.switch(truncated="next:1")
    answer = await api.post("orders/submit", order)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()
    assert len(await api.orders()) == 1


async def test_an_answer_can_be_a_page_with_status_200(api: Any, order: bytes) -> None:
    await api.switch(html_answer="next:1")
    answer = await api.post("orders/submit", order)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert len(await api.orders()) == 1


async def test_a_success_can_be_empty_and_nothing_has_happened(api: Any, order: bytes) -> None:
    await api.switch(empty_success="next:1")
    answer = await api.post("orders/submit", order)
    assert answer.json() == {"Status": {"Success": True}, "Details": {"Orders": []}}
    assert await api.orders() == []


async def test_an_empty_success_of_a_list_has_no_items(api: Any) -> None:
    await api.switch(fault_path="*", empty_success="next:1")
    assert await api.details("products") == {"TotalItemCount": 0, "Items": []}


async def test_a_call_that_hangs_ends_when_the_client_leaves(api: Any, order: bytes) -> None:
    await api.switch(hang="next:1")
    with pytest.raises(httpx.ReadTimeout):
        await api.http.post(
            "/TharsternAPI/api/orders/submit", content=order, headers=api.headers, timeout=0.2
        )
    assert (await api.journal())[-1]["status"] is None
    assert await api.orders() == []


async def test_a_call_that_hangs_is_cut_in_the_end(api: Any, order: bytes) -> None:
    await api.switch(hang="next:1", hang_s="0.05")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await api.post("orders/submit", order)


async def test_a_slow_call_takes_its_time_and_has_its_effect(api: Any, order: bytes) -> None:
    await api.switch(slow="next:1", slow_s="0.2")
    await api.post("orders/submit", order)
    entry = (await api.journal())[-1]
    assert (entry["ms"] >= 200, len(await api.orders())) == (True, 1)


async def test_a_slow_call_goes_on_when_the_client_has_left(api: Any, order: bytes) -> None:
    await api.switch(slow="next:1", slow_s="0.3")
    with pytest.raises(httpx.ReadTimeout):
        await api.http.post(
            "/TharsternAPI/api/orders/submit", content=order, headers=api.headers, timeout=0.1
        )
    async with asyncio.timeout(5):
        while not await api.orders():
            pass
    assert len(await api.orders()) == 1


async def test_an_estimate_can_take_its_time(api: Any) -> None:
    await api.switch(estimate_s="0.2")
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1})
    assert (await api.journal())[-1]["ms"] >= 200


async def test_a_token_can_expire_in_the_middle(api: Any, order: bytes) -> None:
    await api.switch(token_expired="next:1")
    assert (await api.post("orders/submit", order)).status_code == 401
    assert (await api.post("orders/submit", order)).status_code == 401
    await api.sign_in()
    assert (await api.post("orders/submit", order)).status_code == 200
    assert len(await api.orders()) == 1


async def test_a_read_can_be_stale(api: Any) -> None:
    before = await api.items("products", id=4107)
    await api.control("PUT", "products/4107/price", {"price": 9})
    await api.switch(fault_path="*", stale_read="next:1")
    assert await api.items("products", id=4107) == before
    assert (await api.items("products", id=4107))[0]["Price"] == 9


async def test_faults_hit_the_functions_and_verbs_they_are_meant_for(api: Any) -> None:
    await api.switch(fault_path="order*,estr*", fault_verb="POST", error_before="1")
    assert (await api.get("products", id=4107)).status_code == 200
    assert (await api.get("orders")).status_code == 200
    assert (await api.post("estrequest", {})).status_code == 500


async def test_a_share_hits_the_same_calls_for_the_same_seed(start: Any) -> None:
    async def hits(seed: int) -> list[int]:
        api = await start({"error-before": "0.3", "fault-path": "products"}, seed=seed)
        return [(await api.get("products", id=4107)).status_code for _ in range(60)]

    first = await hits(7)
    assert first == await hits(7)
    assert first != await hits(8)
    assert 5 < first.count(500) < 35


async def test_the_next_few_calls_are_hit_and_no_more(api: Any, order: bytes) -> None:
    await api.switch(error_before="next:2")
    statuses = [(await api.post("orders/submit", order)).status_code for _ in range(4)]
    assert statuses == [500, 500, 200, 200]


async def test_in_process_a_cut_is_the_error_that_a_client_would_see(start: Any, order: bytes) -> None:
    api = await start({"fault-path": "orders/submit", "answer-lost": "next:1"})
    with pytest.raises(httpx.ReadError):
        await api.post("orders/submit", order)
    assert len(await api.orders()) == 1


@pytest.mark.parametrize(
    "switch",
    [
        {"nonsense": "1"},
        {"reset": "2"},
        {"reset": "next:-1"},
        {"reset": "often"},
        {"duplicate-orders": "maybe"},
        {"page-size": "-1"},
        {"page-size": "nan"},
        {"field-map": "product.nonsense=X"},
        {"field-map": "product.price"},
    ],
)
async def test_a_switch_that_makes_no_sense_stops_the_start(start: Any, switch: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(switch))):
        await start(switch)


async def test_a_request_that_was_cut_on_its_way_in_never_arrived(api: Any, order: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", api.http.base_url.port)
    head = f"POST /TharsternAPI/api/orders/submit HTTP/1.1\r\nhost: x\r\ncontent-length: {len(order) + 1}\r\n"
    writer.write(f"{head}authorization: {api.headers['Authorization']}\r\n\r\n".encode() + order)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await api.orders() == []
    assert [entry["function"] for entry in await api.journal()] == ["authentication/generateapitoken"]
