"""Guessing passwords: what it costs, whom it holds up, and what is kept of it."""

import asyncio
import time

import httpx
import pytest
from browser import PASSWORD, Browser
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_admin.users.failed import ROWS, UNKNOWN
from makeready_admin.users.store.tries import MOST_KEYS
from makeready_admin.users.tries import (
    ATTACKED,
    LONGEST_DELAY_S,
    MOST_COUNTED,
    TRIES,
    TRIES_OF_ADDRESS,
    TRIES_UNDER_ATTACK,
    WINDOW_S,
    network_of,
)
from pretend import Bench
from processes import run, running

WRONG, NEW = "wrong", "another long sentence"
TYPED = "my-own-password-of-the-bank"
"""What somebody types into the wrong field."""


async def guess(browser: Browser, name: str, status: int = 401, password: str = WRONG) -> None:
    await browser.get("/sign-in")
    await browser.send("/sign-in", status, name=name, password=password)


async def rows_of(bench: Bench, action: str = "sign in"):
    wanted = AuditFilter(action=action)
    return await AuditLog(bench.installation.store.database).find(wanted, limit=1000)


async def texts_in(bench: Bench) -> str:
    """All that the state file holds."""

    def read(db) -> str:
        return "\n".join(
            repr(db.execute(f"select * from [{name}]").fetchall())
            for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall()
        )

    return await bench.installation.store.database.read(read)


async def test_guessing_has_to_wait_and_the_right_password_with_it(new_browser, bench: Bench) -> None:
    browser = new_browser()
    for _ in range(TRIES):
        await guess(browser, "mia")
    await guess(browser, "mia", 429, PASSWORD)
    assert "too many attempts" in browser.page.text
    assert "in 2 minutes" in browser.page.text
    assert (await browser.sign_in("vera")).status == 200, "others are not held up"
    await browser.send("/sign-out")
    bench.clock.now += WINDOW_S / TRIES + 1
    await guess(browser, "mia")
    await guess(browser, "mia", 429, PASSWORD)
    bench.clock.now += WINDOW_S
    assert "Sign out" in (await browser.sign_in("mia")).text


async def test_an_unknown_name_is_held_up_like_a_known_one(new_browser) -> None:
    seen = []
    for number, name in enumerate(("mia", "nobody")):
        browser = new_browser(f"192.0.2.{number}")
        for _ in range(TRIES):
            await guess(browser, name)
        await guess(browser, name, 429)
        seen.append(browser.page.text)
    assert seen[0] == seen[1]


async def test_guessing_many_names_from_one_address_has_to_wait_too(new_browser) -> None:
    browser = new_browser("192.0.2.1")
    known = ("mia", "vera", "otto", "olga")
    for name in known:
        for _ in range(TRIES):
            await guess(browser, name)
    for number in range(TRIES_OF_ADDRESS - TRIES * len(known)):
        await guess(browser, f"user{number}")
    await guess(browser, "nobody", 429)
    await guess(new_browser("2001:db8:1:2::1"), "mia", 200, PASSWORD)


@pytest.mark.waits
async def test_guesses_from_many_addresses_slow_a_user_down_and_lock_nobody_out(
    new_browser, bench: Bench
) -> None:
    here, new = new_browser("198.51.100.1"), new_browser("198.51.100.2")
    await here.sign_in("mia")
    addresses = [f"192.0.{number // 200}.{number % 200}" for number in range(MOST_COUNTED + 20)]
    await asyncio.gather(*(guess(new_browser(address), "mia") for address in addresses))

    assert "Sign out" in (await here.get("/account")).text, "who is signed in goes on"
    await here.send("/account/password", password=PASSWORD, new=NEW, again=NEW)
    await here.send("/sign-out")
    begun = time.monotonic()
    assert "Sign out" in (await here.sign_in("mia", NEW)).text
    assert time.monotonic() - begun < LONGEST_DELAY_S / 2, "where mia has signed in before, at once"

    async def stranger() -> int:
        browser = new_browser(addresses[0])
        await browser.get("/sign-in")
        form = {**browser.page.form("/sign-in"), "name": "mia", "password": "wrong"}
        return (await browser.client.post("/admin/sign-in", data=form)).status_code

    statuses = [stranger() for _ in range(TRIES_UNDER_ATTACK)]
    page, *others = await asyncio.gather(new.sign_in("mia", NEW), *statuses)
    assert "Sign out" in page.text, "and elsewhere after a while"
    assert time.monotonic() - begun >= LONGEST_DELAY_S
    assert len(addresses) > ATTACKED
    assert sorted(others) == [401] * (TRIES_UNDER_ATTACK - 1) + [429], "each address has fewer tries"
    assert len([row for row in await rows_of(bench) if row.actor == "mia" and row.outcome != "done"]) <= ROWS


async def test_a_browser_in_which_another_has_signed_in_is_not_known(new_browser, bench: Bench) -> None:
    browser = new_browser()
    await browser.sign_in("vera")
    await browser.send("/sign-out")
    for _ in range(TRIES):
        await guess(browser, "mia")
    await guess(browser, "mia", 429, PASSWORD)
    for _ in range(TRIES):
        await guess(browser, "vera")
    bench.clock.now += 1
    await guess(browser, "vera", 200, PASSWORD)  # known, it had its own tries; then it is like any other


async def test_what_is_typed_as_a_name_is_not_kept_and_rows_have_an_end(new_browser, bench: Bench) -> None:
    count = ROWS + 5
    for number in range(count):
        await guess(new_browser(f"192.0.2.{number}"), f"{TYPED}-{number}")
    rows = await rows_of(bench)
    assert {row.actor for row in rows} == {UNKNOWN}
    assert len(rows) == ROWS
    assert TYPED not in await texts_in(bench)
    bench.clock.now += 3600 / ROWS + 1
    await guess(new_browser("198.51.100.1"), TYPED)
    assert f"after {count - ROWS} failed tries" in (await rows_of(bench))[0].detail
    olga = new_browser("198.51.100.1")
    await olga.sign_in("olga")
    await olga.get("/audit")
    assert "unknown user" in olga.page.text


async def test_the_password_of_today_cannot_be_guessed_in_an_open_session(mia: Browser, bench: Bench) -> None:
    fields = {"new": NEW, "again": NEW}
    await mia.get("/account")
    form = {**mia.page.form("/account/password"), **fields}
    for status, count in ((422, TRIES), (429, ROWS)):
        for _ in range(count):
            answer = await mia.client.post("/admin/account/password", data={**form, "password": "wrong"})
            assert answer.status_code == status
    answer = await mia.client.post("/admin/account/password", data={**form, "password": PASSWORD})
    assert answer.status_code == 429
    assert len(await rows_of(bench, "user password")) == ROWS
    bench.clock.now += WINDOW_S
    await mia.get("/account")
    await mia.send("/account/password", password=PASSWORD, **fields)
    assert "The password is changed." in mia.page.text


async def test_tries_do_not_fill_the_state_file(new_browser, bench: Bench) -> None:
    def fill(db) -> None:
        many = ((f"key {number}", 1.0, float(number)) for number in range(MOST_KEYS + 500))
        db.conn.executemany("insert into tries values (?, ?, ?)", many)

    store = bench.installation.store.database
    await store.write(fill)
    await guess(new_browser(), "mia")
    [(count,)] = await store.read(lambda db: db.execute("select count(*) from tries").fetchall())
    assert count <= MOST_KEYS + 1
    assert "'key 0'" not in await texts_in(bench), "the oldest are forgotten first"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2ff:aaaa::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:201::9", "2001:db8:1:200::/56"),
        ("a socket", "a socket"),
    ],
)
def test_an_address_stands_for_whoever_can_change_it(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_a_server_counts_the_addresses_that_one_in_front_passes_on(tmp_path) -> None:
    db = tmp_path / "makeready.db"
    password = run("user", "add", "olga", "--role", "operator", "--generate", db=db).stdout.split()[-1]

    async def status(address: str, given: str) -> int:
        passed_on = {"X-Forwarded-For": address}
        async with httpx.AsyncClient(base_url=server.url, headers=passed_on) as client:
            browser = Browser(client)
            await browser.get("/sign-in")
            form = {**browser.page.form("/sign-in"), "name": "olga", "password": given}
            return (await client.post("/admin/sign-in", data=form)).status_code

    with running("serve", "--port", "0", "--no-work", db=db) as server:
        assert [await status("192.0.2.1", "wrong") for _ in range(TRIES + 1)] == [401] * TRIES + [429]
        assert await status("192.0.2.1", password) == 429
        assert await status("192.0.2.2", password) == 303
    listed = run("audit", "list", "--json", db=db).stdout
    assert listed.count("too many attempts") == 2
