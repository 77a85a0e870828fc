"""*Test connection*: what the core itself looks at. The connectors' own checks are in their contract."""

from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime

import msgspec
import pytest
from makeready.subscribers.setup.newest_orders import prepared_or_not
from makeready_hooks.http import HttpRequest
from makeready_hooks.model.setup import Check
from makeready_hooks.model.submission import PreparedOrder
from makeready_inspect.check import check_subscriber
from plain_server import Server
from pretend import Bench, line, order
from steps import ask_to_look, settle


async def finding(bench: Bench, name: str) -> Check | None:
    found = [
        check
        for _, check in await check_subscriber(bench.installation, bench.subscriber)
        if check.name == name
    ]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("ahead_s", "ok", "words"),
    [(20, True, "agree"), (95, False, "95 seconds ahead of"), (-95, False, "behind")],
)
async def test_clocks_that_disagree_are_told(bench: Bench, ahead_s: int, ok: bool, words: str) -> None:
    assert await finding(bench, "clock") is None, "nothing was heard of it yet"
    there = format_datetime(datetime.fromtimestamp(bench.clock() + ahead_s, UTC), usegmt=True)
    reply = f"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: {there}\r\n\r\n{{}}"
    async with Server(reply.encode()) as server:
        http = bench.outbound.for_connector("northfield", "shop", None)
        await http.send(HttpRequest(method="POST", url=server.url, body=b"{}"))
    check = await finding(bench, "clock")
    assert check is not None
    assert check.ok is ok
    assert words in check.message


async def test_sites_with_rules_that_the_shop_does_not_show_are_told(bench: Bench) -> None:
    assert await finding(bench, "sites in use") is None
    rules = msgspec.structs.replace(
        bench.subscriber.orders, site_trigger_stages={"Shop.example": "Press", "gone.example": "Press"}
    )
    changed = msgspec.structs.replace(bench.subscriber, orders=rules)
    found = [
        check
        for _, check in await check_subscriber(bench.installation, changed)
        if check.name == "sites in use"
    ]
    assert [check.ok for check in found] == [False]
    assert "does not see gone.example:" in found[0].message


async def test_a_stage_that_the_shop_does_not_have_is_told_with_those_it_has(bench: Bench) -> None:
    check = await finding(bench, "stages")
    assert check is not None
    assert check.ok
    bench.shop.stages = ("Press", "Shipping")
    check = await finding(bench, "stages")
    assert check is not None
    assert (check.ok, check.message[:33]) == (False, "The shop has no stage To the MIS:")
    assert "There are: Press, Shipping." in check.fix


@pytest.mark.parametrize(
    ("discounts", "note", "lines"),
    [("note", "The shop gave a discount of 5. The prices of this order are before it.", 1), ("line", "", 2)],
)
async def test_a_discount_is_mapped_for_the_check_as_it_is_sent(
    bench: Bench, discounts: str, note: str, lines: int
) -> None:
    rules = msgspec.structs.replace(bench.subscriber.orders, discounts=discounts, discount_product_id="77")
    changed = msgspec.structs.replace(bench.subscriber, orders=rules)
    await bench.installation.store.subscribers.save([changed])
    discounted = order("6994", line(discount=Decimal(5)))
    connectors = await bench.installation.connectors(changed)
    checked = await prepared_or_not(changed, connectors, "mis", discounted)
    assert isinstance(checked, PreparedOrder)
    request = msgspec.json.decode(checked.payload)
    assert (request["note"], len(request["order"]["lines"])) == (note, lines)
    bench.shop.orders["6994"] = discounted
    await ask_to_look(bench, "6994")
    await settle(bench)
    sent = msgspec.json.decode(bench.mis.received[0].payload)
    assert {**sent, "key": ""} == {**request, "key": ""}


@pytest.mark.parametrize("host", ["10.1.2.3", "169.254.169.254", "[::ffff:10.0.0.1]"])
async def test_alerts_to_a_private_address_are_told(bench: Bench, host: str) -> None:
    seal = bench.installation.vault.seal
    for url, words in (
        (f"https://{host}/hook", "lies in a private network. Ask the operator of Makeready to allow it"),
        ("https://127.0.0.1/hook", ""),
    ):
        rules = msgspec.structs.replace(
            bench.subscriber.alerts, webhook_url=seal(url), webhook_secret=seal("hush")
        )
        changed = msgspec.structs.replace(bench.subscriber, alerts=rules)
        found = [
            one for _, one in await check_subscriber(bench.installation, changed) if one.name == "alerts"
        ]
        assert [words in f"{one.message} {one.fix}" for one in found] == [True] * bool(words)
