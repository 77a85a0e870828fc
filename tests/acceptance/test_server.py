"""The server as a real process: what comes in wrong, and what survives its death."""

import hashlib
import json
import signal
import socket

import httpx
from makeready_pressero.emulator import EMULATOR as PRESSERO
from makeready_tharstern.emulator import EMULATOR as THARSTERN
from processes import run
from story import STAGE, address, import_product, order, prepare, until

HERE = "127.0.0.1"


def post(url: str, content: bytes, **headers: str) -> httpx.Response:
    return httpx.post(url, content=content, headers=headers, trust_env=False, timeout=20)


async def test_what_comes_in_wrong_gets_a_clear_answer_and_leaves_nothing(site) -> None:
    with site.serve() as server:
        prepare(site, server.url)
        hooks, price = server.url + address(site, "webhook"), server.url + address(site, "pricing")
        cases = [
            (hooks, b"{}", {}, 401, "MessageHash"),
            (hooks, b"{}", {"MessageHash": "0" * 40}, 401, "does not fit"),
            (server.url + "/hooks/guess/pressero", b"{}", {}, 404, "Nobody has this address"),
            (hooks.replace("/pressero", "/tharstern_"), b"{}", {}, 404, "Nobody has this address"),
            (price, b"{", {}, 400, "not valid JSON"),
            (price, b"[]", {}, 400, "not an object"),
            (price, b"{}", {}, 400, "names no product"),
            (price, b'{"product": "117-1-s", "quantity": "many", "operation": "price"}', {}, 400, "quantity"),
            (hooks, b"x" * 1_000_001, {}, 413, "1000000 bytes"),
        ]
        for url, body, headers, status, text in cases:
            answer = post(url, body, **headers)
            assert answer.status_code == status, (url, body[:40], answer.text)
            assert text in answer.json()["error"]
    listed = json.loads(run("orders", "list", "northfield", "--json", db=site.db).stdout)
    assert listed == []


async def test_a_genuine_hook_for_an_order_that_does_not_exist_is_kept_and_harms_nothing(site) -> None:
    with site.serve() as server:
        prepare(site, server.url)
        body = json.dumps(
            {"TypeName": "OrderPlaced", "MessageID": "m1", "Data": {"OrderNumber": 404}}
        ).encode()
        signed = {"MessageHash": hashlib.sha1(webhook_key(site) + body).hexdigest()}  # noqa: S324 - the vendor's choice
        url = server.url + address(site, "webhook")
        assert [post(url, body, **signed).status_code for _ in range(2)] == [200, 200]
        story = run("orders", "show", "northfield", "404", "--json", db=site.db)
        assert [one["event"] for one in json.loads(story.stdout)["webhooks"]] == ["OrderPlaced"]
        assert httpx.get(f"{server.url}/healthz", trust_env=False).status_code == 200


def webhook_key(site) -> bytes:
    """The security key that the installation gave to the shop, as the shop holds it."""
    state = httpx.get(f"{site.shop_url}/_emulator/state", trust_env=False).json()
    [webhook] = _find(state, "SecurityKey", "security_key")
    return webhook.encode()


def _find(value: object, *names: str) -> list[str]:
    if isinstance(value, dict):
        own = [inner for name, inner in value.items() if name in names and isinstance(inner, str)]
        return own + [text for inner in value.values() for text in _find(inner, *names)]
    return [text for inner in value for text in _find(inner, *names)] if isinstance(value, list) else []


async def test_an_acknowledged_webhook_survives_the_server_s_death(site) -> None:
    """Killed right after each acknowledgement, started again: the order arrives, once."""
    shop, mis = PRESSERO.driver(site.shop_url), THARSTERN.driver(site.mis_url)
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]
    with site.serve(port) as server:
        prepare(site, server.url)
        import_product(site, "2284")
        placed = await shop.place_order(order("117-2284"))
        await until(shop.deliveries, "a webhook was delivered")
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    with site.serve(port) as server:
        await shop.approve(placed.order_number, 1)
        await shop.move_to_stage(placed.order_number, 1, STAGE)

        async def marked():
            return await shop.mis_number(placed.order_number, 1)

        await until(marked, "the shop's item is marked")
    assert len(await mis.orders_received()) == 1
    await shop.aclose()
    await mis.aclose()


def test_a_busy_port_is_named_and_the_state_stays_whole(site) -> None:
    with socket.create_server((HERE, 0)) as busy:
        port = str(busy.getsockname()[1])
        ended = run("serve", "--port", port, db=site.db)
    assert ended.returncode == 3
    assert f"{HERE}:{port} cannot be used" in ended.stderr
    assert "--port" in ended.stderr


async def test_health_and_readiness_are_told(site) -> None:
    with site.serve() as server:
        assert httpx.get(f"{server.url}/healthz", trust_env=False).json() == {"healthy": True}
        assert httpx.get(f"{server.url}/readyz", trust_env=False).json() == {"ready": True, "subscribers": 1}
        assert server.stop() == 0


async def test_the_pages_are_closed_to_whoever_does_not_know_the_password(site) -> None:
    with site.serve() as server:
        page = f"{server.url}/admin/northfield"
        assert httpx.get(page, trust_env=False).status_code == 401
        assert httpx.get(page, auth=("admin", "wrong"), trust_env=False).status_code == 401
        assert httpx.get(page, auth=("admin", "let-me-in"), trust_env=False).status_code == 200
        for path in ("/admin/nobody", "/admin/northfield/orders/1"):
            assert (
                httpx.get(server.url + path, auth=("admin", "let-me-in"), trust_env=False).status_code == 404
            )
