"""Passkeys: whose answer is taken, to which question, and where."""

import pytest
from authenticator import Authenticator
from browser import PASSWORD, Browser
from makeready_admin.factors.places import place_of
from makeready_admin.factors.store import factors_of
from pretend import Bench
from second_factor import asked, is_in, password_given, set_up_passkey

ORIGIN = "https://bridge.example"


@pytest.fixture
async def at_home(bench: Bench, new_browser):
    """Browsers that know the server by its public address, where passkeys are valid."""
    await bench.installation.set_public_url(ORIGIN)

    def make() -> Browser:
        browser = new_browser()
        browser.client.base_url = ORIGIN
        return browser

    return make


async def test_a_passkey_signs_in(at_home) -> None:
    browser, key = at_home(), Authenticator(ORIGIN)
    await browser.sign_in("mia")
    page = await set_up_passkey(browser, key)
    assert "Recovery codes" in page.text
    await browser.send("/sign-out")
    page = await password_given(browser)
    answer = key.sign(asked(page))
    assert "Sign out" in (await browser.send("/sign-in/passkey", answer=answer)).text
    await browser.send("/sign-out")
    await password_given(browser)
    await browser.send("/sign-in/passkey", 401, answer=answer)
    assert "The passkey was not accepted." in browser.page.text, "an answer is taken once"
    assert not await is_in(browser)


async def test_the_challenge_of_another_sign_in_is_refused(at_home) -> None:
    victim, thief, key = at_home(), at_home(), Authenticator(ORIGIN)
    await victim.sign_in("mia")
    await set_up_passkey(victim, key)
    await victim.send("/sign-out")
    answer = key.sign(asked(await password_given(victim)))
    await password_given(thief)
    await thief.send("/sign-in/passkey", 401, answer=answer)
    assert not await is_in(thief)
    assert "Sign out" in (await victim.send("/sign-in/passkey", answer=answer)).text, "it was right"


async def test_the_challenge_of_another_session_makes_no_passkey(at_home, bench: Bench) -> None:
    mia, vera, key = at_home(), at_home(), Authenticator(ORIGIN)
    answers = []
    for browser, name in ((mia, "mia"), (vera, "vera")):
        await browser.sign_in(name)
        await browser.get("/account/factors")
        answers.append(key.make(asked(await browser.send("/factors/passkey", password=PASSWORD))))
    await vera.send("/passkey/add", 422, answer=answers[0])
    assert "The passkey was not accepted." in vera.page.text
    assert await factors_of(bench.installation).users() == set()


async def test_a_challenge_makes_one_passkey(at_home) -> None:
    browser, key = at_home(), Authenticator(ORIGIN)
    await browser.sign_in("mia")
    await browser.get("/account/factors")
    page = await browser.send("/factors/passkey", password=PASSWORD)
    form = {**page.form("/passkey/add"), "answer": key.make(asked(page))}
    assert (await browser.client.post("/admin/account/factors/passkey/add", data=form)).status_code == 200
    await browser.get("/account/factors")
    await browser.send("/factors/remove", password=PASSWORD)
    assert (await browser.client.post("/admin/account/factors/passkey/add", data=form)).status_code == 422


@pytest.mark.parametrize(
    "wrong", ["another origin", "nobody's finger", "another key", "no answer", "nonsense", "depth"]
)
async def test_an_answer_that_is_not_right_is_refused(at_home, wrong: str) -> None:
    browser, key = at_home(), Authenticator(ORIGIN)
    await browser.sign_in("mia")
    await set_up_passkey(browser, key)
    await browser.send("/sign-out")
    page = await password_given(browser)
    if wrong == "another key":
        key = Authenticator(ORIGIN)
    key.origin = "https://bridge.example.evil" if wrong == "another origin" else ORIGIN
    key.verifies = wrong != "nobody's finger"
    answer = key.sign(asked(page))
    others = {
        "no answer": "",
        "nonsense": '{"id": 7, "rawId": [], "response": "x"}',
        "depth": '{"a":' * 3000,
    }
    answer = others.get(wrong, answer)
    await browser.send("/sign-in/passkey", 401, answer=answer)
    assert not await is_in(browser)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://bridge.example", "https://bridge.example"),
        ("https://Bridge.example:443", "https://bridge.example"),
        ("https://bridge.example:8443", "https://bridge.example:8443"),
        ("http://localhost:8300", "http://localhost:8300"),
        ("http://bridge.example", None),
        ("https://192.0.2.1", None),
        ("https://[2001:db8::1]", None),
        ("", None),
    ],
)
def test_passkeys_are_valid_where_browsers_have_them(address: str, origin: str | None) -> None:
    place = place_of(address)
    assert (place.origin if place else None) == origin


async def test_passkeys_are_not_offered_elsewhere(mia: Browser) -> None:
    page = await mia.get("/account/factors")
    assert "Set up a passkey" not in page.text
    assert "need a public address that begins with https://" in page.text
    await mia.send("/factors/passkey", 422, password=PASSWORD)
