"""Somebody is let in: an operator makes a link, and whoever opens it chooses a name and a password."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from looks import LOOKS, PHONE_SCALE, judge
from person import Person
from playwright.async_api import Browser
from processes import Running, run, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

PIA = "pia@northfield.example"
PASSWORD = "a long sentence of pia's"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("invitation") / "makeready.db"


@pytest.fixture(scope="module")
def password(db: Path) -> str:
    """Of olga, an operator; there is one company."""
    done = run("user", "add", "olga", "--role", "operator", "--generate", db=db)
    run("subscriber", "add", "northfield", "--external-user-id", "117", db=db)
    return done.stdout.split()[-1]


@pytest.fixture(scope="module")
def server(db: Path, password: str) -> Iterator[Running]:
    with running("serve", "--port", "0", "--no-work", db=db) as started:
        yield started


async def invite(olga: Person, whom: str) -> str:
    """The link, as it is shown."""
    await olga.go("/users")
    await olga.fill("E-mail address", whom)
    await olga.fill("Role", "viewer")
    await olga.fill("Company", "northfield")
    await olga.press("Make the link")
    await olga.sees(f"{whom} is invited")
    return await olga.page.locator("#secret").inner_text()


async def test_a_link_lets_one_person_in(
    server: Running, password: str, new_person: Callable[..., Awaitable[Person]]
) -> None:
    olga, pia, late = [await new_person(server.url) for _ in range(3)]
    await olga.sign_in("olga", password)
    link = await invite(olga, PIA)
    await pia.page.goto(link)
    await pia.sees("olga invites you to northfield.")
    await pia.fill("New password", PASSWORD)
    await pia.fill("Repeat password", PASSWORD)
    await pia.press("Accept and sign in")
    await pia.sees("Sign out")
    await pia.sees(PIA)
    await late.page.goto(link)
    await late.sees("This invitation was used, was withdrawn, or has expired.")
    await olga.go("/users")
    await olga.sees(PIA)
    await olga.sees_not("Invited, not here yet")


async def test_a_link_can_be_withdrawn_and_needs_no_script(
    server: Running, password: str, new_person: Callable[..., Awaitable[Person]]
) -> None:
    olga = await new_person(server.url, java_script_enabled=False)
    await olga.sign_in("olga", password)
    link = await invite(olga, "otto")
    await olga.follow("Done")
    await olga.press("Withdraw the invitation of otto")
    await olga.sees("its link opens nothing from now on")
    otto = await new_person(server.url)
    await otto.page.goto(link)
    await otto.sees("This invitation was used, was withdrawn, or has expired.")


@pytest.mark.parametrize("look", LOOKS)
async def test_its_pages_are_for_everybody(
    server: Running, password: str, browser: Browser, look: str
) -> None:
    scale = {"device_scale_factor": PHONE_SCALE} if look == "phone" else {}
    context = await browser.new_context(locale="en-GB", bypass_csp=True, **LOOKS[look], **scale)
    olga = Person(await context.new_page(), server.url)
    await olga.sign_in("olga", password)
    link = await invite(olga, f"{look}@northfield.example")
    found = await judge(olga.page, look, "invited")
    for path, name in (("/users", "users"), ("/server", "server"), ("/server/provider", "identity provider")):
        await olga.go(path)
        found += await judge(olga.page, look, name)
    await context.clear_cookies()
    await olga.page.goto(link)
    found += await judge(olga.page, look, "invitation")
    await context.close()
    assert found == []
