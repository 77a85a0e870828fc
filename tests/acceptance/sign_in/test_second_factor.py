"""A second factor: set up, asked for, and what an attacker does who has the password."""

import re

from browser import PASSWORD, Browser
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_admin.factors.factors import remove_factors, require
from makeready_admin.factors.second_step import TRIES, WITHIN_S
from makeready_admin.factors.store import factors_of
from makeready_admin.routes import PAGES
from makeready_admin.users.tries import HOUR_S, TRIES_OF_CODE
from makeready_admin.web.page import Needs
from pretend import Bench
from second_factor import is_in, password_given, set_up_app

WRONG = "wrong"


async def rows_of(bench: Bench):
    return await AuditLog(bench.installation.store.database).find(AuditFilter(), limit=1000)


# Apps


async def test_the_password_alone_opens_no_page_and_no_api(mia: Browser, new_browser, bench: Bench) -> None:
    await set_up_app(mia, bench)
    thief = new_browser()
    await password_given(thief)
    for page in PAGES:
        if page.needs is not Needs.NOTHING and page.method == "GET" and "{" not in page.path:
            answer = await thief.client.get(f"/admin{page.path}")
            assert (answer.status_code, answer.headers["location"][:14]) == (303, "/admin/sign-in"), page
    assert (await thief.client.get("/admin/subscribers/northfield")).status_code == 303
    assert (await thief.client.get("/api/v1/subscribers/northfield/orders")).status_code == 401
    held = thief.client.cookies["makeready-second"]
    thief.client.cookies.set("makeready", held)
    assert not await is_in(thief), "what was given for the second step is no session"


async def test_a_code_signs_in_once_and_leads_where_it_was_to_go(
    mia: Browser, new_browser, bench: Bench
) -> None:
    phone, _ = await set_up_app(mia, bench)
    assert await is_in(mia)
    browser, other = new_browser(), new_browser()
    await browser.get("/subscribers/northfield/orders?state=refused")
    await browser.send("/sign-in", name="mia", password=PASSWORD)
    code = phone.next_code
    page = await browser.send("/sign-in/second", code=f"{code[:3]} {code[3:]}")
    assert str(page.response.url).endswith("/orders?state=refused")
    await password_given(other)
    await other.send("/sign-in/second", 401, code=code)
    assert "used before" in other.page.text
    assert not await is_in(other)
    await password_given(other)
    assert "Sign out" in (await other.send("/sign-in/second", code=phone.next_code)).text


async def test_the_code_that_set_the_app_up_is_used_by_that(mia: Browser, new_browser, bench: Bench) -> None:
    phone, _ = await set_up_app(mia, bench)
    thief = new_browser()
    await password_given(thief)
    await thief.send("/sign-in/second", 401, code=phone.code)


async def test_codes_cannot_be_guessed(mia: Browser, new_browser, bench: Bench) -> None:
    phone, codes = await set_up_app(mia, bench)
    tried = 0
    while tried < TRIES_OF_CODE:
        thief = new_browser(f"192.0.2.{tried}")
        await password_given(thief)
        for _ in range(TRIES):
            await thief.send("/sign-in/second", 401, code="000000")
            tried += 1
        await thief.send("/sign-in/second", 429, code=phone.next_code)
        await thief.get("/sign-in/second")
        assert thief.page.response.url.path == "/admin/sign-in", "it begins again with the password"
    thief = new_browser("198.51.100.1")
    await password_given(thief)
    await thief.send("/sign-in/second", 429, code=phone.next_code)
    await mia.send("/sign-out")
    await password_given(mia)
    assert "Sign out" in (await mia.send("/sign-in/second", code=phone.next_code)).text, "a known browser"
    new = new_browser()
    await password_given(new)
    assert "Sign out" in (await new.send("/sign-in/second", code=codes[0])).text, "a recovery code"
    bench.clock.now += HOUR_S
    other = new_browser()
    await password_given(other)
    assert "Sign out" in (await other.send("/sign-in/second", code=phone.next_code)).text


async def test_what_has_begun_ends_soon_and_with_a_new_password(
    mia: Browser, new_browser, bench: Bench
) -> None:
    phone, _ = await set_up_app(mia, bench)
    slow, thief = new_browser(), new_browser()
    await password_given(slow)
    bench.clock.now += WITHIN_S + 1
    page = await slow.send("/sign-in/second", code=phone.code)
    assert page.response.url.path == "/admin/sign-in"
    await password_given(thief)
    await mia.get("/account")
    new = "another long sentence"
    await mia.send("/account/password", password=PASSWORD, new=new, again=new)
    page = await thief.send("/sign-in/second", code=phone.next_code)
    assert page.response.url.path == "/admin/sign-in"
    assert not await is_in(thief)


async def test_an_app_is_set_up_with_the_password_in_the_same_session_only(
    mia: Browser, new_browser, bench: Bench
) -> None:
    await mia.get("/account/factors")
    await mia.send("/factors/app", 422, password=WRONG)
    await mia.get("/account/factors")
    page = await mia.send("/factors/app", password=PASSWORD)
    page = await mia.send("/app/add", 422, code="000000")
    assert "not the code that the app shows" in page.text
    draft = page.form("/app/add")["draft"]
    other = new_browser()
    await other.sign_in("vera")
    await other.get("/account/factors")
    await other.send("/factors/app", password=PASSWORD)
    await other.send("/app/add", 422, draft=draft, code="000000")
    assert "begun elsewhere" in other.page.text
    assert await factors_of(bench.installation).users() == set()


async def test_setting_one_up_and_removing_it_ends_the_other_sessions(
    mia: Browser, new_browser, bench: Bench
) -> None:
    other = new_browser()
    await other.sign_in("mia")
    phone, _ = await set_up_app(mia, bench)
    assert await is_in(mia)
    assert not await is_in(other)
    await password_given(other)
    await other.send("/sign-in/second", code=phone.next_code)
    await mia.get("/account/factors")
    await mia.send("/factors/remove", 422, password=WRONG)
    await mia.get("/account/factors")
    await mia.send("/factors/remove", password=PASSWORD)
    assert not await is_in(other)
    assert "Sign out" in (await other.sign_in("mia")).text, "the password is enough again"


async def test_secrets_are_sealed_and_follow_a_new_key(mia: Browser, new_browser, bench: Bench) -> None:
    phone, codes = await set_up_app(mia, bench)
    store = bench.installation.store

    def read(db) -> str:
        return repr(
            [db.execute(f"select * from {name}").fetchall() for name in ("factors", "recovery_codes")]
        )

    kept = await store.database.read(read)
    assert phone.totp.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    bench.installation.vault.add_key()
    await store.secrets.reencrypt(bench.installation.vault.renew)
    bench.installation.vault.delete_old_keys()
    browser = new_browser()
    await password_given(browser)
    assert "Sign out" in (await browser.send("/sign-in/second", code=phone.next_code)).text


# Recovery codes


async def test_a_recovery_code_opens_once(mia: Browser, new_browser, bench: Bench) -> None:
    _, codes = await set_up_app(mia, bench)
    assert len(set(codes)) == 10
    browser = new_browser()
    await password_given(browser)
    assert "Sign out" in (await browser.send("/sign-in/second", code=codes[0].lower())).text
    await browser.send("/sign-out")
    await password_given(browser)
    await browser.send("/sign-in/second", 401, code=codes[0])
    await mia.get("/account/factors")
    assert "9 of them can still be used" in mia.page.text
    page = await mia.send("/factors/codes", password=PASSWORD)
    assert codes[1] not in page.html
    await browser.send("/sign-in/second", 401, code=codes[1])


# Operators must


async def test_an_operator_without_one_sets_it_up_first_and_can_do_nothing_else(
    new_browser, bench: Bench
) -> None:
    olga, mia, api = new_browser(), new_browser(), new_browser().client
    await olga.sign_in("olga")
    await olga.get("/server")
    page = await olga.send("/server/second-factor", required="operators")
    assert "Set one up to go on" in page.text, "also in a session that was there before"
    csrf = page.form("/factors/app")["csrf"][0]
    open_to_her = {"/sign-out", *(one.path for one in PAGES if one.path.startswith("/account/factors"))}
    for page in PAGES:
        if page.needs is not Needs.NOTHING and page.path not in open_to_her:
            path = re.sub(r"\{\w+(?::\w+)?\}", "northfield", page.path)
            answer = await olga.client.request(
                page.method, f"/admin{path}", **({"data": {"csrf": csrf}} if page.method == "POST" else {})
            )
            assert (answer.status_code, answer.headers["location"]) == (303, "/admin/account/factors"), page
    assert (await mia.sign_in("mia")).response.url.path == "/admin/subscribers/northfield", (
        "managers need none"
    )
    phone, _ = await set_up_app(olga, bench)
    assert "Companies" in (await olga.get("")).text
    page = await olga.get("/account/factors")
    assert "the last: operators need one" in page.text
    form = {"csrf": csrf, "id": "1", "password": PASSWORD}
    assert (await olga.client.post("/admin/account/factors/remove", data=form)).status_code == 409
    await olga.send("/sign-out")
    await password_given(olga, "olga")
    assert "Companies" in (await olga.send("/sign-in/second", code=phone.next_code)).text
    assert (await api.get("/api/v1/openapi.json")).status_code == 200


async def test_a_lost_phone_is_removed_at_the_machine(new_browser, bench: Bench) -> None:
    olga = new_browser()
    await olga.sign_in("olga")
    _, codes = await set_up_app(olga, bench)
    await require(bench.installation, True)
    assert await remove_factors(bench.installation, "olga") == 1
    assert not await is_in(olga)
    page = await olga.sign_in("olga")
    assert "Set one up to go on" in page.text
    _, others = await set_up_app(olga, bench)
    assert not set(codes) & set(others)


async def test_failed_second_steps_are_in_the_audit_log(mia: Browser, new_browser, bench: Bench) -> None:
    phone, _ = await set_up_app(mia, bench)
    browser = new_browser()
    await password_given(browser)
    await browser.send("/sign-in/second", 401, code="000000")
    await browser.send("/sign-in/second", code=phone.next_code)
    found = [(row.actor, row.action, row.target, row.outcome[:8]) for row in await rows_of(bench)]
    assert "The password was right" in (await rows_of(bench))[2].outcome, "a thief who stops there is seen"
    assert found[:5] == [
        ("mia", "sign in", "", "done"),
        ("mia", "sign in", "second factor", "not done"),
        ("mia", "sign in", "", "not done"),
        ("mia", "factor add", "phone", "done"),
        ("mia", "factor begin", "", "done"),
    ]


async def test_a_user_who_is_removed_leaves_no_factor_to_another_of_that_name(
    mia: Browser, new_browser, bench: Bench
) -> None:
    await set_up_app(mia, bench)
    olga = new_browser()
    await olga.sign_in("olga")
    await olga.get("/users")
    assert "second factor" in olga.page.text
    form = {**olga.page.form("/users/add"), "name": "mia"}
    await olga.client.post("/admin/users/remove", data=form)
    assert await factors_of(bench.installation).users() == set()
    assert await factors_of(bench.installation).count_codes("mia") == 0
