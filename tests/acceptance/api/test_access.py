"""Who may do what in the JSON API: every operation of the table tried, with every kind of token."""

import re
from typing import Any

import msgspec
import pytest
from api import DAY, Api, parked, refused, send, token
from makeready.access.tokens import remove_token
from makeready.extensions import installed
from makeready.orders.line_filter import LineFilter
from makeready.web.api.operation import Operation
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_admin.users.store.users import users_of
from pretend import SITE, Bench
from steps import states

OTHER = "eastgate"
PARTS = {
    "number": "7001",
    "key": "7001-1",
    "line": "1",
    "job": "1",
    "site": SITE,
    "product": "2284",
    "profile": "posters",
    "change": "1",
    "invitation": "1",
    "name": "ada",
}
OF_A_SUBSCRIBER = [one for one in installed().operations if "{subscriber}" in one.path]
FOR_ALL = [one for one in installed().operations if not one.operator and "{subscriber}" not in one.path]


def address(operation: Operation, subscriber: str = "northfield") -> str:
    return re.sub(r"\{(\w+)\}", lambda found: {**PARTS, "subscriber": subscriber}[found[1]], operation.path)


async def stored(bench: Bench) -> tuple[Any, ...]:
    """What a change would change."""
    store = bench.installation.store
    return (
        await store.subscribers.all(),
        await store.lines.find("northfield", LineFilter(), limit=100),
        await store.imports.jobs("northfield"),
        await store.tokens.all(),
        await users_of(bench.installation).all(),
        await AuditLog(store.database).find(AuditFilter(), limit=1000),
        bench.shop.products,
    )


@pytest.fixture
async def orders(bench: Bench) -> None:
    other = msgspec.structs.replace(
        bench.subscriber, name=OTHER, title="Eastgate Print", external_user_id=118, url_token="other"
    )
    await bench.installation.store.subscribers.save([other])
    await refused(bench, "7001")
    await parked(bench, "7002")
    await send(bench, "7003")


def test_what_is_posted_is_kept_in_the_audit_log_or_changes_nothing() -> None:
    looks = {"proposeSettings"}
    assert {one.name for one in installed().operations if one.method == "POST" and not one.action} == looks
    assert not [one.name for one in installed().operations if one.method == "GET" and one.action]


def test_what_is_about_no_subscriber_is_for_operators_or_shows_what_the_token_is_for() -> None:
    assert {one.name for one in FOR_ALL} == {"listSubscribers", "glanceAtAll", "listConnectors"}


async def test_without_a_token_that_is_valid_nothing_is_told_or_done(
    bench: Bench, api: Api, orders: None
) -> None:
    short = await token(bench, "short", expires_days=1)
    revoked = await token(bench, "gone")
    await remove_token(bench.installation, "gone")
    await api.as_(short).get("/subscribers")
    bench.clock.now += DAY
    before = await stored(bench)
    for operation in installed().operations:
        for text in ("", short, revoked, f"{api.token}x"):
            await api.as_(text).call(operation.method, address(operation), 401)
    assert await stored(bench) == before


async def test_a_token_for_one_subscriber_reaches_nothing_of_another_s(
    bench: Bench, api: Api, orders: None
) -> None:
    foreign = api.as_(await token(bench, "otto", OTHER))
    before = await stored(bench)
    for operation in OF_A_SUBSCRIBER:
        answer = await foreign.call(operation.method, address(operation), 404)
        unknown = await foreign.call(operation.method, address(operation, "nowhere"), 404)
        assert answer.json()["field"] == "subscriber", operation.name
        assert answer.text.replace("northfield", "nowhere") == unknown.text, "it cannot be told from none"
    for operation in FOR_ALL:
        found = await foreign.call(operation.method, address(operation), 200)
        assert "northfield" not in found.text.casefold(), operation.name
    assert await stored(bench) == before


async def test_what_is_for_operators_needs_an_operator_s_token(bench: Bench, api: Api, orders: None) -> None:
    tokens = [api.token, await token(bench, "everybody", "")]
    before = await stored(bench)
    for operation in installed().operations:
        if operation.operator:
            for text in tokens:
                problem = (await api.as_(text).call(operation.method, address(operation), 403)).json()
                assert "not an operator's" in problem["detail"], operation.name
    assert await stored(bench) == before


async def test_a_token_that_reads_only_changes_nothing(bench: Bench, api: Api, orders: None) -> None:
    readers = [
        await token(bench, "reader", read_only=True),
        await token(bench, "auditor", "", read_only=True, operator=True),
    ]
    before = await stored(bench)
    for operation in installed().operations:
        if operation.action:
            for text in readers:
                await api.as_(text).call(operation.method, address(operation), 403)
    await api.as_(readers[0]).get("/subscribers/northfield/orders")
    await api.as_(readers[1]).get("/audit")
    assert await stored(bench) == before
    assert await states(bench, "7001") == ["refused"]
