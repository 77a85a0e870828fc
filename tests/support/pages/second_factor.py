"""A second factor in the pages: set up and asked for, without a real browser."""

import html
import json
import re
from typing import Any

import pyotp
from authenticator import Authenticator
from browser import PASSWORD, Browser, Page
from pretend import Bench


class Phone:
    """An app with codes, at the bench's time."""

    def __init__(self, bench: Bench, secret: str) -> None:
        self._bench = bench
        self.totp = pyotp.TOTP(secret)

    @property
    def code(self) -> str:
        return self.totp.at(int(self._bench.clock()))

    @property
    def next_code(self) -> str:
        """Time goes on until it shows another."""
        self._bench.clock.now += 30
        return self.code


async def set_up_app(browser: Browser, bench: Bench) -> tuple[Phone, list[str]]:
    """With the recovery codes that are shown."""
    await browser.get("/account/factors")
    page = await browser.send("/factors/app", password=PASSWORD)
    found = re.search('<code id="key">([^<]+)</code>', page.html)
    assert found
    phone = Phone(bench, found[1].replace(" ", ""))
    page = await browser.send("/app/add", code=phone.code, title="phone")
    return phone, re.findall(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b", page.text)


async def password_given(browser: Browser, name: str = "mia") -> Page:
    page = await browser.sign_in(name)
    assert page.response.url.path == "/admin/sign-in/second"
    return page


def asked(page: Page) -> dict[str, Any]:
    """What the script of the page asks the browser for."""
    found = re.search('data-passkey="([^"]+)"', page.html)
    assert found
    return dict(json.loads(html.unescape(found[1])))


async def set_up_passkey(browser: Browser, key: Authenticator) -> Page:
    await browser.get("/account/factors")
    page = await browser.send("/factors/passkey", password=PASSWORD)
    return await browser.send("/passkey/add", answer=key.make(asked(page)), title="laptop")


async def is_in(browser: Browser) -> bool:
    return "Sign out" in (await browser.get("/account")).text
