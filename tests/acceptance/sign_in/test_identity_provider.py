"""Signing in through a provider that others wrote (django-oauth-toolkit), from page to page as a browser goes."""

import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import identity_provider
import msgspec
import pytest
from browser import PASSWORD, Browser
from click.testing import CliRunner
from identity_provider import CLIENT, SECRET
from makeready.cli import cli
from makeready_admin.provider.model import GroupRule
from makeready_admin.provider.provider import ROUND_S
from makeready_admin.provider.store import identities_of
from makeready_admin.provider.title import PROVIDER, provider_of
from makeready_admin.users.model import User
from makeready_admin.users.sign_in import RECENT_S
from makeready_admin.users.store.users import users_of
from makeready_admin.users.users import change_role, disable_user, remove_user
from makeready_hooks.errors import MakereadyError
from msgspec.structs import replace
from pretend import Bench
from second_factor import set_up_app
from unguarded import unguarded

PAGES = "http://pages.example"
AT = "/admin/sign-in/provider/back"
PIA = "pia@northfield.example"
RULES = {
    "rule_value": ["bridge-operators", "northfield-office", ""],
    "rule_role": ["operator", "manager", "viewer"],
    "rule_of": ["northfield", "northfield", ""],
}


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [
        sys.executable,
        identity_provider.__file__,
        str(tmp_path_factory.mktemp("provider")),
        PAGES + AT,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603 - our own file
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["issuer"]
        process.kill()


@pytest.fixture
async def olga(new_browser, bench: Bench) -> Browser:
    bench.clock.now = time.time()  # as the provider's
    await bench.installation.set_public_url(PAGES)
    browser: Browser = new_browser()
    await browser.sign_in("olga")
    return browser


async def set_provider(olga: Browser, issuer: str, status: int = 200, **fields: object) -> str:
    await olga.get("/server/provider")
    given = {"title": "Northfield ID", "issuer": issuer, "client_id": CLIENT, "secret": SECRET, **fields}
    rules = dict.fromkeys(RULES)
    return (await olga.send("/server/provider", status, **{**rules, **given})).text


@pytest.fixture
async def provider(olga: Browser, issuer: str) -> str:
    assert "People can sign in with Northfield ID now" in await set_provider(olga, issuer, **RULES)
    return issuer


@pytest.fixture
async def person() -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser at the provider."""
    async with httpx.AsyncClient() as client:
        yield client


async def go(browser: Browser, path: str) -> str:
    """To the provider: the address at which the browser comes there."""
    answer = await browser.client.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def let_in(person: httpx.AsyncClient, name: str, url: str) -> str:
    """Sign in at the provider's own page: the address at which it sends the browser back. Who is signed in there is
    not asked again."""
    answer = await person.get(url)
    while not (to := str(answer.headers.get("location", ""))).startswith(PAGES):
        if to:
            answer = await person.get(httpx.URL(answer.url).join(to))
            continue
        [word] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
        form = {"csrfmiddlewaretoken": word, "username": name, "password": identity_provider.PASSWORD}
        answer = await person.post(answer.url, data=form)
    return to.removeprefix(PAGES)


async def come_in(
    browser: Browser, person: httpx.AsyncClient, name: str, status: int = 200, link: str = ""
) -> str:
    """All of it; what the page says that one gets to."""
    url = await go(browser, link or "/admin/sign-in/provider?next=/admin/account")
    page = await browser.get(await let_in(person, name, url), status)
    if status == 200:
        [to] = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', page.html)
        page = await browser.get(to)
    return page.text


async def user(bench: Bench, name: str) -> User:
    found = await users_of(bench.installation).get(name)
    assert found is not None, name
    return found


async def test_the_first_to_come_by_an_invitation_is_that_user_from_then_on(
    olga: Browser, provider: str, person: httpx.AsyncClient, new_browser, bench: Bench
) -> None:
    await olga.get("/users")
    page = await olga.send("/users/invite", whom="pia", role="viewer", of="northfield", days="7")
    [path] = re.findall(r"http://pages\.example(/admin/invitation/\S+)", page.text)
    pia: Browser = new_browser()
    page = await pia.get(path)
    assert "Continue with Northfield ID" in page.text
    [link] = [one for one in page.links if "sign-in/provider" in one]
    await come_in(pia, person, "pia", link=link)
    made = await user(bench, PIA)
    assert (made.role, made.subscriber, made.password_hash) == ("viewer", "northfield", "")
    assert "viewer, invited by olga as pia done" in (await olga.get("/audit")).text
    assert "Northfield Print" in (await pia.get("/subscribers/northfield")).text
    again: Browser = new_browser()
    assert PIA in await come_in(again, person, "pia")
    await new_browser().get(path, 404)


async def test_an_invitation_to_a_verified_address_needs_no_link(
    olga: Browser, provider: str, person: httpx.AsyncClient, new_browser, bench: Bench
) -> None:
    await olga.get("/users")
    await olga.send("/users/invite", whom=PIA.upper(), role="manager", of="northfield", days="7")
    await come_in(new_browser(), person, "pia")
    assert (await user(bench, PIA)).role == "manager"


async def test_whom_nobody_has_invited_is_told_so(
    provider: str, person: httpx.AsyncClient, new_browser
) -> None:
    said = await come_in(new_browser(), person, "pia", 403)
    assert f"Northfield ID knows you as {PIA}, but nobody has invited you here." in said


async def test_a_group_gives_a_role_that_follows_it(
    olga: Browser, provider: str, person: httpx.AsyncClient, new_browser, bench: Bench
) -> None:
    mo: Browser = new_browser()
    await come_in(mo, person, "mo")
    assert (await user(bench, "mo@northfield.example")).role == "manager"
    await change_role(bench.installation, "mo@northfield.example", role="viewer", subscriber="northfield")
    await come_in(new_browser(), person, "mo")
    assert (await user(bench, "mo@northfield.example")).role == "manager"
    log = (await olga.get("/audit")).text
    assert "user add mo@northfield.example manager, by group northfield-office done" in log
    assert "user role mo@northfield.example manager, by group northfield-office done" in log
    await set_provider(olga, provider, rule_value=["others"], rule_role=["viewer"], rule_of=["northfield"])
    said = await come_in(new_browser(), person, "mo", 403)
    assert "does not name you in a group that may sign in here any more" in said


async def test_only_a_verified_address_is_somebody_s(
    provider: str, person: httpx.AsyncClient, new_browser, bench: Bench
) -> None:
    """Eve has written mia's address into her account."""
    await users_of(bench.installation).add(
        User(
            name="mia@northfield.example",
            role="manager",
            subscriber="northfield",
            password_hash="x",
            created_at=1,
            password_at=1,
        )
    )
    assert "nobody has invited you" in await come_in(new_browser(), person, "eve", 403)


async def test_a_second_factor_is_asked_for_all_the_same(
    olga: Browser, provider: str, new_browser, bench: Bench
) -> None:
    browser: Browser = new_browser()
    async with httpx.AsyncClient() as person:
        await come_in(browser, person, "mo")
    phone, _ = await set_up_app(browser, bench)
    async with httpx.AsyncClient() as person:
        again: Browser = new_browser()
        said = await come_in(again, person, "mo")
    assert "Sign out" not in said
    page = await again.send("/sign-in/second", code=phone.next_code)
    assert "mo@northfield.example" in page.text


async def test_a_new_session_stands_for_the_password_that_one_does_not_have(
    provider: str, person: httpx.AsyncClient, new_browser, bench: Bench
) -> None:
    mo: Browser = new_browser()
    await come_in(mo, person, "mo")
    bench.clock.now += RECENT_S + 1
    await mo.get("/account")
    page = await mo.send("/account/password", 422, password="", new=PASSWORD, again=PASSWORD)
    assert "Sign out, sign in again, and repeat this within ten minutes." in page.text
    await mo.get("/sign-in")
    await mo.send("/sign-out")
    mo.client.cookies.clear()
    async with httpx.AsyncClient() as again:
        await come_in(mo, again, "mo")
    await mo.get("/account")
    await mo.send("/account/password", password="", new=PASSWORD, again=PASSWORD)
    await new_browser().sign_in("mo@northfield.example")


async def test_who_has_no_password_opens_nothing_with_an_empty_one(
    provider: str, person: httpx.AsyncClient, new_browser
) -> None:
    await come_in(new_browser(), person, "mo")
    browser: Browser = new_browser()
    for password in ("", "x"):
        await browser.get("/sign-in")
        await browser.send("/sign-in", 401, name="mo@northfield.example", password=password)


@pytest.mark.parametrize("change", [disable_user, remove_user])
async def test_who_is_put_out_stays_out(
    olga: Browser, issuer: str, person: httpx.AsyncClient, new_browser, bench: Bench, change
) -> None:
    await set_provider(olga, issuer)
    await olga.get("/users")
    await olga.send("/users/invite", whom=PIA, role="viewer", of="northfield", days="7")
    await come_in(new_browser(), person, "pia")
    await change(bench.installation, PIA)
    async with httpx.AsyncClient() as again:
        await come_in(new_browser(), again, "pia", 403)
    numbers = [str(one) for one in range(1, 1 + len(identity_provider.PEOPLE))]
    kept = [await identities_of(bench.installation).get(issuer, one) for one in numbers]
    assert any(kept) is (change is disable_user), "a later user of this name is somebody else"


async def test_what_was_begun_elsewhere_or_long_ago_or_before_is_not_taken(
    provider: str, person: httpx.AsyncClient, new_browser, bench: Bench
) -> None:
    here, elsewhere = new_browser(), new_browser()
    back = await let_in(person, "mo", await go(here, "/admin/sign-in/provider"))
    said = "This sign-in was not begun in this browser"
    assert said in (await elsewhere.get(back, 401)).text
    await go(elsewhere, "/admin/sign-in/provider")
    assert said in (await elsewhere.get(back, 401)).text, "another's state"
    bench.clock.now += ROUND_S + 1
    assert said in (await here.get(back, 401)).text
    async with httpx.AsyncClient() as other:
        back = await let_in(other, "mo", await go(here, "/admin/sign-in/provider"))
        await here.get(back)
    assert said in (await here.get(back, 401)).text, "twice"


async def test_a_code_of_another_round_proves_nothing(
    provider: str, person: httpx.AsyncClient, new_browser
) -> None:
    """Its verifier is in the other browser: that is what PKCE is for."""
    here, elsewhere = new_browser(), new_browser()
    stolen = httpx.URL(await let_in(person, "mo", await go(elsewhere, "/admin/sign-in/provider")))
    own = httpx.URL(await go(here, "/admin/sign-in/provider"))
    mixed = AT + "?" + str(httpx.QueryParams(code=stolen.params["code"], state=own.params["state"]))
    assert "Northfield ID did not prove who you are." in (await here.get(mixed, 401)).text


async def test_a_refusal_of_the_provider_is_said(provider: str, new_browser) -> None:
    browser: Browser = new_browser()
    state = httpx.URL(await go(browser, "/admin/sign-in/provider")).params["state"]
    page = await browser.get(f"{AT}?error=access_denied&state={state}", 403)
    assert "Northfield ID has not let you in." in page.text
    assert "Sign in with Northfield ID" in page.text


async def test_a_wrong_secret_is_said_in_words(
    olga: Browser, issuer: str, person: httpx.AsyncClient, new_browser
) -> None:
    await set_provider(olga, issuer, secret="another")
    said = await come_in(new_browser(), person, "mo", 503)
    assert "Northfield ID does not accept this installation: client ID or secret is wrong." in said


async def test_a_provider_is_asked_before_it_is_kept(
    olga: Browser, issuer: str, bench: Bench, new_browser
) -> None:
    said = await set_provider(olga, issuer.removesuffix("/o"), 422)
    assert "There is no OpenID Connect provider at this address." in said
    assert "calls itself" in await set_provider(olga, issuer + "/", 422)
    assert "cannot be reached" in await set_provider(olga, "http://127.0.0.1:9", 422)
    assert "must begin with https://" in await set_provider(olga, "http://login.example", 422)
    assert "A viewer is for one company." in await set_provider(
        olga, issuer, 422, rule_value=["x"], rule_role=["viewer"], rule_of=[""]
    )
    assert await provider_of(bench.installation) is None
    assert "Sign in with" not in (await new_browser().get("/sign-in")).text


async def test_the_secret_is_sealed_and_stays_with_its_provider(
    olga: Browser, provider: str, bench: Bench
) -> None:
    for file in bench.folder.iterdir():
        assert SECRET.encode() not in file.read_bytes()
    assert SECRET not in (await olga.get("/server/provider")).html
    await set_provider(olga, provider, secret="", title="Work")
    kept = await provider_of(bench.installation)
    assert kept is not None
    assert bench.installation.vault.open(kept.secret, field="secret") == SECRET
    said = await set_provider(olga, provider, 422, secret="", client_id="another")
    assert "was given for another provider or client ID" in said


async def test_without_it_the_password_goes_on(olga: Browser, provider: str, new_browser) -> None:
    await olga.get("/server/provider")
    await olga.send("/server/provider/remove")
    browser: Browser = new_browser()
    await browser.get("/admin/sign-in/provider", 404)
    await browser.sign_in("mia")
    assert "Sign in with" not in (await new_browser().get("/sign-in")).text


def test_it_is_set_at_the_machine_as_well(tmp_path: Path, issuer: str) -> None:
    db, runner = tmp_path / "makeready.db", CliRunner()

    def run(*arguments: str, typed: str = "") -> str:
        result = runner.invoke(cli, ["--db", str(db), *arguments], input=typed)
        if isinstance(result.exception, MakereadyError):
            return str(result.exception)
        assert result.exit_code == 0, result.output
        return result.stdout

    run("user", "add", "olga", "--role", "operator", "--generate")
    given = ("user", "provider", "set", "--title", "Work", "--issuer", issuer, "--client-id", CLIENT)
    assert "public address" in run(*given, typed=f"{SECRET}\n")
    with unguarded(db) as state:
        state.execute("insert into installation values ('public_url', 'http://pages.example')")
        state.commit()
    run(*given, "--rule", "bridge-operators=operator", typed=f"{SECRET}\n")
    shown = json.loads(run("user", "provider", "show", "--json"))
    assert shown["rules"] == [["bridge-operators", "operator", ""]]
    assert SECRET not in str(shown)
    assert "bridge-operators" in run("user", "provider", "show")
    assert "There is no role 'king'." in run(*given, "--rule", "x=king", "--keep-secret")
    assert "x is no rule." in run(*given, "--rule", "x", "--keep-secret")
    run("user", "provider", "remove")
    assert run("user", "provider", "show") == "No identity provider is set.\n"


async def test_the_only_operator_stays_one_whatever_a_group_says(
    olga: Browser, provider: str, person: httpx.AsyncClient, new_browser, bench: Bench
) -> None:
    await come_in(new_browser(), person, "olga")
    await change_role(bench.installation, "olga", role="viewer", subscriber="northfield")
    await set_provider_rules(bench, "bridge-operators", "viewer")
    await come_in(new_browser(), person, "olga")
    assert (await user(bench, "olga@bridge.example")).role == "operator"


async def set_provider_rules(bench: Bench, group: str, role: str) -> None:
    kept = await provider_of(bench.installation)
    assert kept is not None
    rule = GroupRule(value=group, role=role, subscriber="northfield")
    changed = replace(kept, rules=(rule,))
    await bench.installation.store.values.keep(PROVIDER, msgspec.json.encode(changed).decode())
