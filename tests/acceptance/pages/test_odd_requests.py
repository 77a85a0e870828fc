"""Heads and bodies that make no sense are answered in words, never with an internal error."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from api import Api
from browser import Browser
from makeready.web.bodies import MAX_BODY_BYTES
from makeready_admin.settings.drafts import open_draft
from makeready_admin.users.store.users import users_of
from makeready_admin.users.users import add_user, change_role, disable_user, remove_user
from makeready_hooks.errors import ConfigError, Refused
from pretend import Bench
from structlog.testing import capture_logs

ODD = ("http://[", "http://a:99999/", "//", "http://\x00", "\x7f", "http://[::1", "null", "http://%zz")
DEEP = b"[" * (MAX_BODY_BYTES // 2)
BODIES = {"deep": DEEP, "deep objects": b'{"a":' * 100_000, "no UTF-8": b'{"a": "\xff\xfe"}', "cut": b'{"a"'}
PATHS = (
    "/api/v1/subscribers/northfield/orders/6994-1/send-again",
    "/api/v1/subscribers/northfield/settings/apply",
    "/hooks/shop/no-such-token",
    "/pricing/shop/no-such-token",
    "/admin/sign-in",
)


@pytest.mark.parametrize("head", ["referer", "origin"])
@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_origin_is_a_foreign_one(client: httpx.AsyncClient, head: str, odd: str) -> None:
    with capture_logs() as logs:
        for address in ("/admin/nowhere", "/admin/sign-in"):
            answer = await client.get(address, headers={head: odd})
            assert answer.status_code in (200, 303, 404)
        answer = await client.post("/admin/sign-in", headers={head: odd}, data={"name": "x", "password": "y"})
    assert answer.status_code in (403, 422)
    assert [one for one in logs if one["log_level"] in ("error", "critical")] == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_body_that_cannot_be_read_is_the_caller_s_fault(
    api: Api, client: httpx.AsyncClient, path: str, body: bytes
) -> None:
    headers = {"authorization": f"Bearer {api.token}", "content-type": "application/json"}
    with capture_logs() as logs:
        answer = await client.post(path, content=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert [one for one in logs if one["log_level"] in ("error", "critical")] == []


async def test_what_was_sealed_for_something_else_is_no_draft(bench: Bench) -> None:
    sealed = bench.installation.vault.seal('{"name": "northfield", "version": 1, "settings": {}}')
    for text in (sealed, bench.installation.vault.seal("hush-hush"), "env:PATH", "sealed:"):
        with pytest.raises(ConfigError):
            open_draft(bench.installation, text)


async def removed(bench: Bench, name: str) -> None:
    await remove_user(bench.installation, name)


async def kept_out(bench: Bench, name: str) -> None:
    await disable_user(bench.installation, name)


async def demoted(bench: Bench, name: str) -> None:
    await change_role(bench.installation, name, role="viewer", subscriber="northfield")


@pytest.mark.parametrize("one", [removed, kept_out, demoted])
@pytest.mark.parametrize("other", [removed, kept_out, demoted])
async def test_two_operators_cannot_take_each_other_away_at_the_same_moment(
    bench: Bench, one: Any, other: Any
) -> None:
    for name in ("ada", "olga"):
        await add_user(bench.installation, name, "a long sentence for tests", role="operator")
    done = await asyncio.gather(one(bench, "ada"), other(bench, "olga"), return_exceptions=True)
    refused = [found for found in done if found is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], Refused)
    left = [
        user.name
        for user in await users_of(bench.installation).all()
        if user.role == "operator" and not user.disabled
    ]
    assert len(left) == 1


@pytest.mark.parametrize("value", ["[" * 50_000, "9" * 5000], ids=["nested without end", "endless number"])
async def test_a_settings_file_that_cannot_be_read_is_an_error_of_the_form(
    new_browser: Callable[[], Browser], value: str
) -> None:
    olga = new_browser()
    await olga.sign_in("olga")
    await olga.get("/subscribers/northfield/settings")
    await olga.send("/settings/file", 422, file=f"a = {value}")


@pytest.mark.parametrize("page", ["first-day", "rehearsal"])
async def test_where_nothing_was_asked_the_part_with_the_answer_is_the_page(mia: Browser, page: str) -> None:
    shown = await mia.get(f"/subscribers/northfield/{page}?part=yes")
    assert "Sign out" in shown.text
