"""A second factor as a person sets it up and signs in with it, with an authenticator that Chromium has built in."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
import pytest_asyncio
from looks import LOOKS, PHONE_SCALE, judge
from person import Person
from playwright.async_api import Browser, CDPSession, Page
from processes import Running, run, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("second-factor") / "makeready.db"


@pytest.fixture(scope="module")
def server(db: Path) -> Iterator[Running]:
    with running("serve", "--port", "0", "--no-work", db=db) as started:
        yield started


def add_operator(db: Path, name: str) -> str:
    """The password."""
    done = run("user", "add", name, "--role", "operator", "--generate", db=db)
    return done.stdout.split()[-1]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(db: Path, server: Running, browser: Browser) -> AsyncIterator[str]:
    """The public address: a name, so that browsers have passkeys there."""
    public = server.url.replace("127.0.0.1", "localhost")
    password = add_operator(db, "olga")
    context = await browser.new_context()
    olga = Person(await context.new_page(), server.url)
    await olga.sign_in("olga", password)
    await olga.go("/server")
    await olga.fill("Public address", public)
    await olga.press("Save")
    await olga.sees("The address is saved.")
    await context.close()
    yield public


async def authenticator(page: Page, **other: Any) -> CDPSession:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | other})
    return session


async def set_up_app(person: Person, password: str) -> pyotp.TOTP:
    await begin(person, 0, password, "Set up an app")
    return pyotp.TOTP((await person.page.locator("#key").inner_text()).replace(" ", ""))


async def begin(person: Person, number: int, password: str, button: str) -> None:
    """``number``: of the cards, from the left."""
    await person.go("/account/factors")
    await person.page.locator(".grid input[type=password]").nth(number).fill(password)
    await person.press(button)


async def give_password(person: Person, name: str, password: str) -> None:
    await person.go("/sign-in")
    await person.fill("Name", name)
    await person.fill("Password", password)
    await person.press("Sign in")
    await person.sees("One more step")


async def test_a_passkey_is_made_and_signs_in(
    home: str, db: Path, new_person: Callable[..., Awaitable[Person]]
) -> None:
    password = add_operator(db, "ada")
    ada = await new_person(home)
    await authenticator(ada.page)
    await ada.sign_in("ada", password)
    await begin(ada, 1, password, "Set up a passkey")
    await ada.fill("Name", "laptop")
    await ada.press("Make the passkey")
    await ada.sees("Keep these now")
    await ada.follow("I have kept them")
    await ada.sees("laptop")
    await ada.sign_out()
    await give_password(ada, "ada", password)
    await ada.press("Use a passkey")
    await ada.sees("Sign out")


async def test_a_browser_without_the_passkey_says_so_and_a_recovery_code_helps(
    home: str, db: Path, new_person: Callable[..., Awaitable[Person]]
) -> None:
    password = add_operator(db, "ben")
    ben = await new_person(home)
    await authenticator(ben.page)
    await ben.sign_in("ben", password)
    await begin(ben, 1, password, "Set up a passkey")
    await ben.press("Make the passkey")
    code = (await ben.page.locator("#codes").inner_text()).split()[0]
    thief = await new_person(home)
    await authenticator(thief.page, isUserVerified=False)
    await give_password(thief, "ben", password)
    await thief.press("Use a passkey")
    await thief.sees("No passkey was given")
    await thief.go("")
    await thief.sees_not("Sign out")
    await give_password(thief, "ben", password)
    await thief.fill("Code", code)
    await thief.press("Sign in")
    await thief.sees("Sign out")


async def test_an_app_needs_no_script(
    home: str, db: Path, new_person: Callable[..., Awaitable[Person]]
) -> None:
    password = add_operator(db, "cleo")
    cleo = await new_person(home, java_script_enabled=False)
    await cleo.sign_in("cleo", password)
    app = await set_up_app(cleo, password)
    await cleo.fill("Code", app.now())
    await cleo.press("Set it up")
    await cleo.sees("Keep these now")
    codes = re.findall(r"[A-Z2-7-]{19}", await cleo.page.locator("#codes").inner_text())
    await cleo.follow("I have kept them")
    await cleo.sign_out()
    await give_password(cleo, "cleo", password)
    await cleo.fill("Code", codes[0])
    await cleo.press("Sign in")
    await cleo.sees("Sign out")


@pytest.mark.parametrize("look", LOOKS)
async def test_its_pages_can_be_read_by_everybody(home: str, db: Path, browser: Browser, look: str) -> None:
    password = add_operator(db, f"dora-{look}")
    scale = {"device_scale_factor": PHONE_SCALE} if look == "phone" else {}
    context = await browser.new_context(locale="en-GB", bypass_csp=True, **LOOKS[look], **scale)
    page = await context.new_page()
    await authenticator(page)
    dora = Person(page, home)
    await dora.sign_in(f"dora-{look}", password)
    await dora.go("/account/factors")
    found = await judge(page, look, "second factor none")
    app = await set_up_app(dora, password)
    found += await judge(page, look, "second factor app")
    await dora.fill("Code", "000000")
    await dora.press("Set it up")
    found += await judge(page, look, "second factor wrong code")
    await dora.fill("Code", app.now())
    await dora.press("Set it up")
    found += await judge(page, look, "second factor recovery codes")
    await begin(dora, 1, password, "Set up a passkey")
    found += await judge(page, look, "second factor passkey")
    await dora.press("Make the passkey")
    await dora.sees("It is set up")
    found += await judge(page, look, "second factor several")
    await dora.go("/account")
    found += await judge(page, look, "account with second factor")
    await dora.go("/server")
    found += await judge(page, look, "server second factor")
    await dora.sign_out()
    await give_password(dora, f"dora-{look}", password)
    found += await judge(page, look, "second factor asked")
    await dora.fill("Code", "000000")
    await dora.press("Sign in")
    found += await judge(page, look, "second factor refused")
    await context.close()
    assert found == []
