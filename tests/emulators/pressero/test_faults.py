"""Faults on demand, over a real server: what the client sees, and what happened all the same."""

import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from makeready_hooks.testing.emulation import EmulatorSetup
from makeready_pressero_emulator import EMULATOR
from makeready_pressero_emulator.faults.cuts import ConnectionCut

LOGIN = {
    "UserName": "api@northfield.example",
    "Password": "storefront",
    "SubscriberId": "28406876-c50c-4d16-b386-8f2824f19cef",
    "ConsumerID": "7d0b6c52-93f4-4d0e-a8f1-5c2e9b3a4f60",
}
HOOK = {"Url": "http://127.0.0.1:9/hook", "Events": ["OrderPlaced"]}
CREATED = "webhook-created"


@pytest.fixture
async def server(
    serve: Callable[..., Any], new_socket: Callable[[], socket.socket]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an emulator on a real socket; the token is sent with every request."""
    sock = new_socket()
    setup = EmulatorSetup(
        base_url=f"http://127.0.0.1:{sock.getsockname()[1]}",
        switches={"rate-limit": "off", "fault-path": "POST /api/WebHooks"},
    )
    async with (
        serve(EMULATOR.build(setup), sock) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        token = (await client.post("/api/V2/Authentication", json=LOGIN)).json()["Token"]
        client.headers["Authorization"] = f"token {token}"
        yield client


async def switch(server: httpx.AsyncClient, **values: str) -> None:
    given = {name.replace("_", "-"): value for name, value in values.items()}
    assert (await server.put("/_emulator/switches", json=given)).status_code == 200


async def hooks(server: httpx.AsyncClient) -> int:
    return int((await server.get("/api/WebHooks")).json()["TotalItems"])


async def last_create(server: httpx.AsyncClient) -> dict[str, Any]:
    entries = (await server.get("/_emulator/journal")).json()
    found: dict[str, Any] = [
        one for one in entries if one["path"] == "/api/WebHooks" and one["method"] == "POST"
    ][-1]
    return found


async def test_an_answer_is_lost_after_its_effect(server: httpx.AsyncClient) -> None:
    await switch(server, answer_lost="1")
    with pytest.raises(httpx.RemoteProtocolError):
        await server.post("/api/WebHooks", json=HOOK)
    assert await hooks(server) == 1
    entry = await last_create(server)
    assert (entry["status"], entry["fault"]) == (None, "answer-lost")
    assert [one["effect"] for one in entry["effects"]] == [CREATED]


async def test_an_effect_comes_seconds_after_the_connection_was_cut(server: httpx.AsyncClient) -> None:
    await switch(server, late_effect="1", late_effect_s="30")
    with pytest.raises(httpx.RemoteProtocolError):
        await server.post("/api/WebHooks", json=HOOK)
    assert await hooks(server) == 0
    await server.post("/_emulator/clock", json={"seconds": 30})
    await server.get("/_emulator/idle")
    assert await hooks(server) == 1
    assert [one["effect"] for one in (await last_create(server))["effects"]] == [CREATED]


async def test_a_connection_is_reset_without_an_effect(server: httpx.AsyncClient) -> None:
    await switch(server, reset="1")
    with pytest.raises(httpx.ReadError):
        await server.post("/api/WebHooks", json=HOOK)
    assert await hooks(server) == 0


async def test_a_request_hangs_until_the_client_gives_up(server: httpx.AsyncClient) -> None:
    await switch(server, hang="1")
    with pytest.raises(httpx.ReadTimeout):
        await server.post("/api/WebHooks", json=HOOK, timeout=0.2)
    assert await hooks(server) == 0


async def test_a_hanging_connection_is_cut_at_last(server: httpx.AsyncClient) -> None:
    await switch(server, hang="1", hang_s="0")
    with pytest.raises(httpx.RemoteProtocolError):
        await server.post("/api/WebHooks", json=HOOK)


@pytest.mark.parametrize(("when", "effects"), [("error-before", 0), ("error-after", 1)])
async def test_an_error_comes_before_or_after_the_effect(
    server: httpx.AsyncClient, when: str, effects: int
) -> None:
    await switch(server, **{when: "1", "error-status": "503"})
    response = await server.post("/api/WebHooks", json=HOOK)
    assert (response.status_code, "Message" in response.json()) == (503, True)
    assert await hooks(server) == effects


async def test_an_error_can_be_a_page_of_html(server: httpx.AsyncClient) -> None:
    await switch(server, html_error="1")
    response = await server.post("/api/WebHooks", json=HOOK)
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html")
    assert response.text.startswith("<html>")
    assert await hooks(server) == 0


async def test_json_is_cut_in_half_after_the_effect(server: httpx.AsyncClient) -> None:
    await switch(server, truncated_json="1")
    response = await server.post("/api/WebHooks", json=HOOK)
    assert response.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        response.json()
    assert await hooks(server) == 1


async def test_a_slow_answer_is_whole_when_it_comes(server: httpx.AsyncClient) -> None:
    await switch(server, slow="1", slow_s="0.05")
    response = await server.post("/api/WebHooks", json=HOOK)
    assert response.status_code == 200
    assert (await last_create(server))["ms"] >= 50


async def test_only_requests_that_match_the_filter_are_hit(server: httpx.AsyncClient) -> None:
    await switch(server, error_before="1", fault_path="get /API/sites")
    assert (await server.post("/api/WebHooks", json=HOOK)).status_code == 200
    assert (await server.get("/api/Sites")).status_code == 500


async def test_a_limit_ends_the_faults(server: httpx.AsyncClient) -> None:
    await switch(server, error_before="1", fault_limit="2")
    statuses = [(await server.post("/api/WebHooks", json=HOOK)).status_code for _ in range(4)]
    assert statuses == [500, 500, 200, 200]


async def test_the_same_seed_hits_the_same_requests(in_process: Callable[..., Any]) -> None:
    runs = []
    for seed in (7, 7, 8):
        setup = EmulatorSetup(base_url="http://pressero.test", seed=seed, switches={"rate-limit": "off"})
        async with in_process(setup) as shop:
            await shop.switch(error_before="0.5")
            runs.append([(await shop.get("/api/Sites")).status_code for _ in range(30)])
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 500}


@pytest.mark.parametrize("kind", ["answer_lost", "reset", "late_effect"])
async def test_without_a_socket_a_cut_is_an_exception_of_the_transport(shop: Any, kind: str) -> None:
    await shop.switch(**{kind: "1"})
    with pytest.raises(ConnectionCut):
        await shop.get("/api/Sites")


async def test_no_fault_hits_the_control_api(server: httpx.AsyncClient) -> None:
    await switch(server, error_before="1", fault_path="")
    assert (await server.get("/api/Sites")).status_code == 500
    assert (await server.get("/_emulator/switches")).status_code == 200


async def test_the_server_answers_on_after_faults(server: httpx.AsyncClient) -> None:
    for kind in ("reset", "answer_lost", "hang"):
        await switch(server, **{kind: "1", "hang_s": "0"})
        with pytest.raises(httpx.TransportError):
            await server.post("/api/WebHooks", json=HOOK)
        await switch(server, **{kind: "0"})
    assert (await server.get("/api/Sites")).status_code == 200
