"""Signing in to the pages: who gets in, for how long, and what guessing costs."""

import csv
import io
import re

import pytest
from browser import PASSWORD, Browser, Page
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_admin.users.sign_in import IDLE_S, LONGEST_S
from makeready_admin.users.store.users import users_of
from makeready_admin.users.users import new_setup_secret
from pretend import Bench

NEW = "another long sentence"


@pytest.fixture
def browser(new_browser) -> Browser:
    return new_browser()


async def test_the_right_password_opens_the_page_that_was_asked_for(browser: Browser) -> None:
    page = await browser.get("/subscribers/northfield/orders?state=refused")
    assert page.response.url.path == "/admin/sign-in"
    page = await browser.send("/sign-in", name="mia", password=PASSWORD)
    assert str(page.response.url).endswith("/admin/subscribers/northfield/orders?state=refused")
    assert "mia" in page.text


async def test_a_wrong_password_and_an_unknown_name_look_the_same(browser: Browser) -> None:
    seen = []
    for name in ("mia", "nobody"):
        await browser.get("/sign-in")
        page = await browser.send("/sign-in", 401, name=name, password="wrong")
        seen.append(page.text)
    assert seen[0] == seen[1]
    assert "The name or the password is wrong." in seen[0]
    await browser.get("/account")
    assert "/sign-in" in str(browser.page.response.url)


@pytest.mark.parametrize(("pause_s", "times"), [(IDLE_S + 1, 1), (IDLE_S - 1, int(LONGEST_S // IDLE_S) + 1)])
async def test_a_session_ends_when_it_is_idle_and_in_any_case_at_last(
    mia: Browser, bench: Bench, pause_s: float, times: int
) -> None:
    for _ in range(times):
        assert "Sign out" in (await mia.get("/account")).text
        bench.clock.now += pause_s
    assert "Sign out" not in (await mia.get("/account")).text


async def test_signing_out_ends_the_session_on_the_server(mia: Browser) -> None:
    cookie = mia.client.cookies["makeready"]
    await mia.get("/account")
    await mia.send("/sign-out")
    mia.client.cookies.set("makeready", cookie)
    await mia.get("/account")
    assert mia.page.response.url.path == "/admin/sign-in"


async def test_a_new_password_ends_the_other_sessions_and_not_this_one(new_browser) -> None:
    here, elsewhere = new_browser(), new_browser()
    for browser in (here, elsewhere):
        await browser.sign_in("mia")
        await browser.get("/account")
    await here.send("/account/password", 422, password="wrong", new=NEW, again=NEW)
    await here.get("/account")
    await here.send("/account/password", 422, password=PASSWORD, new=NEW, again=PASSWORD)
    await here.get("/account")
    await here.send("/account/password", 422, password=PASSWORD, new="too short", again="too short")
    await here.get("/account")
    page = await here.send("/account/password", password=PASSWORD, new=NEW, again=NEW)
    assert "The password is changed." in page.text
    assert "The password is changed." not in (await here.get("/account")).text, "it is told once"
    assert (await elsewhere.get("/account")).response.url.path == "/admin/sign-in"
    await elsewhere.send("/sign-in", 401, name="mia", password=PASSWORD)
    assert "Sign out" in (await elsewhere.send("/sign-in", name="mia", password=NEW)).text


async def test_a_cookie_that_we_did_not_sign_opens_nothing(browser: Browser) -> None:
    await browser.sign_in("mia")
    cookie = browser.client.cookies["makeready"]
    for wrong in (cookie[:-1], cookie.rpartition(".")[0], "x" + cookie, "", "."):
        browser.client.cookies.set("makeready", wrong)
        page = await browser.get("/account")
        assert page.response.url.path == "/admin/sign-in", wrong


async def test_cookies_are_kept_from_scripts_and_from_other_sites(browser: Browser, bench: Bench) -> None:
    async def cookies() -> list[str]:
        await browser.get("/sign-in")
        form = {**browser.page.form("/sign-in"), "name": "mia", "password": PASSWORD}
        answer = await browser.client.post("/admin/sign-in", data=form)
        given = answer.headers.get_list("set-cookie")
        assert len(given) == 3, "the session, no second step, and that mia has signed in here"
        return [*browser.page.response.headers.get_list("set-cookie"), *given]

    for cookie in await cookies():
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert re.search("SameSite=(lax|strict)", cookie)
        assert "Secure" not in cookie
    browser.client.cookies.clear()
    await bench.installation.set_public_url("https://bridge.example")
    browser.client.base_url = "https://bridge.example"
    for cookie in await cookies():
        assert cookie.startswith("__Host-makeready")
        assert "Secure" in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/admin",
        "/admin/../x\r\nSet-Cookie: a=b",
        "/adminx",
    ],
)
async def test_signing_in_leads_to_pages_of_ours_only(browser: Browser, wanted: str) -> None:
    await browser.client.get("/admin/sign-in")
    page = Page(await browser.client.get("/admin/sign-in", params={"next": wanted}))
    assert page.form("/sign-in")["next"] == ["/admin"]
    form = {**page.form("/sign-in"), "next": wanted, "name": "mia", "password": PASSWORD}
    answer = await browser.client.post("/admin/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")


async def test_the_set_up_link_makes_the_first_operator_once(browser: Browser, bench: Bench) -> None:
    assert await new_setup_secret(bench.installation) == "", "there are users"
    await bench.installation.store.database.write(lambda db: db.execute("delete from users"))  # as on day one
    replaced = await new_setup_secret(bench.installation)
    secret = await new_setup_secret(bench.installation)
    await browser.get(f"/setup/{replaced}", 404)
    await browser.get(f"/setup/{secret}")
    await browser.send("", 422, name="ada", new="short", again="short")
    page = await browser.send("", name="ada", new=NEW, again=NEW)
    assert "Companies" in page.text
    await browser.get(f"/setup/{secret}", 404)
    assert [user.role for user in await users_of(bench.installation).all()] == ["operator"]


async def test_an_operator_makes_and_removes_users(new_browser) -> None:
    olga, new = new_browser(), new_browser()
    await olga.sign_in("olga")
    await olga.get("/users")
    page = await olga.send("/users/add", name="nora", role="viewer", of="northfield")
    password = re.search('<pre id="secret">([^<]+)</pre>', page.html)
    assert password
    assert "Northfield Print" in (await new.sign_in("nora", password[1])).text
    await olga.get("/users")
    await olga.send("/users/add", 422, name="nora", role="viewer", of="northfield")
    await olga.get("/users")
    await olga.send("/users/add", 422, name="nils", role="viewer", of="")
    await olga.get("/users")
    answer = await olga.client.post(
        "/admin/users/remove", data={**olga.page.form("/users/add"), "name": "nora"}, follow_redirects=True
    )
    assert "nora is removed" in Page(answer).text
    assert (await new.get("/account")).response.url.path == "/admin/sign-in"


async def test_an_operator_changes_a_role_and_keeps_a_user_out_for_a_while(new_browser) -> None:
    olga, mia = new_browser(), new_browser()
    await olga.sign_in("olga")
    await mia.sign_in("mia")

    async def change(what: str, **fields: str) -> str:
        await olga.get("/users")
        data = {**olga.page.form("/users/add"), "name": "mia", **fields}
        answer = await olga.client.post(f"/admin/users/{what}", data=data, follow_redirects=True)
        return Page(answer).text

    await mia.get("/users", 403)
    assert "mia is operator now." in await change("role", role="operator", of="")
    await mia.get("/users")
    assert "There is no role" in await change("role", role="king", of="")
    assert "cannot sign in" in await change("disable")
    assert (await mia.get("/users")).response.url.path == "/admin/sign-in"
    assert "mia can sign in again." in await change("enable")
    await mia.sign_in("mia")
    await mia.get("/users")


async def test_an_operator_makes_and_removes_tokens(new_browser, bench: Bench) -> None:
    olga, client = new_browser(), new_browser().client

    async def status(token: str) -> int:
        header = {"Authorization": f"Bearer {token}"}
        return (await client.get("/api/v1/subscribers/northfield/orders", headers=header)).status_code

    await olga.sign_in("olga")
    await olga.get("/tokens")
    page = await olga.send("/tokens/add", name="reporting", of="northfield", days="30")
    token = re.search('<pre id="secret">([^<]+)</pre>', page.html)
    assert token
    assert await status(token[1]) == 200
    [kept] = await bench.installation.store.tokens.all()
    assert (kept.read_only, kept.subscriber, kept.expires_at) == (
        True,
        "northfield",
        bench.clock() + 30 * 86_400,
    )
    assert token[1] not in (await olga.get("/tokens")).html
    await olga.send("/tokens/remove")
    assert await status(token[1]) == 401
    for wrong in ({"name": "a", "of": ""}, {"name": "A B", "of": "*"}, {"name": "a", "of": "*", "days": "x"}):
        await olga.get("/tokens")
        await olga.send("/tokens/add", 422, **wrong)


async def test_what_people_do_is_in_the_audit_log(new_browser, bench: Bench) -> None:
    olga = new_browser()
    await olga.get("/sign-in")
    await olga.send("/sign-in", 401, name="olga", password="wrong")
    await olga.sign_in("olga")
    await olga.get("/users")
    await olga.send("/users/add", name="nora", role="viewer", of="northfield")
    await olga.get("/users")
    await olga.send("/users/add", 422, name="nora", role="viewer", of="northfield")
    page = await olga.get("/audit")
    assert "user add" in page.text
    found = [(row.actor, row.action, row.target, row.outcome[:8]) for row in await audit(bench)]
    assert found == [
        ("olga", "user add", "nora", "not done"),
        ("olga", "user add", "nora", "done"),
        ("olga", "sign in", "", "done"),
        ("olga", "sign in", "", "not done"),
    ]
    assert "sign in" not in (await olga.get("/audit?what=user")).text


async def test_the_audit_log_leaves_as_a_file_without_formulas(new_browser, bench: Bench) -> None:
    stranger, olga = new_browser(), new_browser()
    await stranger.get("/sign-in")
    await stranger.send("/sign-in", 401, name="=HYPERLINK(1)", password="wrong")
    await olga.sign_in("olga")
    page = await olga.get("/audit/file?what=sign")
    rows = list(csv.reader(io.StringIO(page.html)))
    assert [row[1] for row in rows] == ["who", "olga", "unknown user"], "people type passwords as names"
    assert page.response.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert page.response.headers["cache-control"] == "no-store"


async def audit(bench: Bench):
    return await AuditLog(bench.installation.store.database).find(AuditFilter(), limit=100)
