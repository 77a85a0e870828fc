"""The server as a real process: what comes in wrong, and what survives its death."""

import json
import re
import signal
import socket

import httpx
import pytest
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import run
from story import STAGE, address, import_product, order, prepare, signed_by_the_shop, until

pytestmark = pytest.mark.waits

HERE = "127.0.0.1"
SENTENCE = "a long sentence for tests"


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
        signed = signed_by_the_shop(site, body)
        url = server.url + address(site, "webhook")
        assert [post(url, body, **signed).status_code for _ in range(2)] == [200, 200]
        story = run("orders", "show", "northfield", "404", "--json", db=site.db)
        assert [one["event"] for one in json.loads(story.stdout)["webhooks"]] == ["OrderPlaced"]
        assert httpx.get(f"{server.url}/healthz", trust_env=False).status_code == 200


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


def test_the_first_user_is_made_by_the_link_that_the_server_prints(site) -> None:
    with site.serve() as server, httpx.Client(base_url=server.url, trust_env=False) as browser:
        assert browser.get("/admin/subscribers/northfield").headers["location"].startswith("/admin/sign-in")
        link = next(re.search(r"/admin/setup/\S+", line) for line in server.output if "/admin/setup/" in line)
        assert link
        word = re.search(r'name="csrf" value="([^"]+)"', browser.get(link[0]).text)
        assert word
        given = {"csrf": word[1], "name": "ada", "new": SENTENCE, "again": SENTENCE}
        assert browser.post(link[0], data=given).headers["location"] == "/admin"
        assert "Northfield Print" in browser.get("/admin/subscribers/northfield").text
        assert browser.get(link[0]).status_code == 404
    with site.serve() as server:
        assert not any("setup" in line for line in server.output), "there is a user by now"


def test_users_are_made_and_removed_at_the_command_line(site) -> None:
    made = run("user", "add", "ada", "--role", "operator", "--generate", db=site.db)
    assert made.returncode == 0
    [password] = made.stdout.split()
    with site.serve() as server, httpx.Client(base_url=server.url, trust_env=False) as browser:
        word = re.search(r'name="csrf" value="([^"]+)"', browser.get("/admin/sign-in").text)
        assert word
        given = {"csrf": word[1], "name": "ada", "password": password}
        assert browser.post("/admin/sign-in", data=given).status_code == 303
        assert browser.get("/admin/account").status_code == 200
        assert run("user", "password", "ada", "--generate", db=site.db).returncode == 0
        assert browser.get("/admin/account").status_code == 303
    wrong = run("user", "add", "eve", "--role", "manager", "--generate", db=site.db)
    assert (wrong.returncode, "Say for which." in wrong.stderr) == (3, True)
    listed = json.loads(run("user", "list", "--json", db=site.db).stdout)
    assert [(one["name"], one["role"]) for one in listed] == [("ada", "operator")]
    only = run("user", "remove", "ada", db=site.db)
    assert (only.returncode, "ada is the only operator." in only.stderr) == (4, True)
    assert run("user", "add", "olga", "--role", "operator", "--generate", db=site.db).returncode == 0
    assert run("user", "remove", "ada", db=site.db).returncode == 0
    exported = run("audit", "export", "--action", "user", db=site.db).stdout.splitlines()
    kept = [
        (one["action"], one["target"], one["via"], one["outcome"][:4]) for one in map(json.loads, exported)
    ]
    assert kept == [
        ("user remove", "ada", "command", "done"),
        ("user add", "olga", "command", "done"),
        ("user remove", "ada", "command", "not "),
        ("user add", "eve", "command", "not "),
        ("user password", "ada", "command", "done"),
        ("user add", "ada", "command", "done"),
    ]
    assert "user password" in run("audit", "list", "--limit", "5", db=site.db).stdout
    assert password not in "".join(exported)
