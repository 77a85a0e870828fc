"""What a person does in the pages, by what is written on them."""

import asyncio
import re

from playwright.async_api import Locator, Page, expect

PATIENCE_S = 60


class Person:
    def __init__(self, page: Page, at: str) -> None:
        self.page = page
        self._at = at

    async def go(self, path: str) -> None:
        """To an address under /admin."""
        await self.page.goto(f"{self._at}/admin{path}")

    async def sign_in(self, name: str, password: str) -> None:
        await self.go("/sign-in")
        await self.fill("Name", name)
        await self.fill("Password", password)
        await self.press("Sign in")
        await self.sees("Sign out")

    async def sign_out(self) -> None:
        await self.press("Sign out")

    async def fill(self, label: str, value: str) -> None:
        """Type it in, or choose it where there is a choice."""
        field = self.field(label)
        if await field.evaluate("one => one.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)

    def field(self, label: str) -> Locator:
        """By what its label begins with."""
        return self.page.get_by_label(_beginning(label)).first

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).first.click()

    async def follow(self, name: str) -> None:
        await self.page.get_by_role("link", name=_beginning(name)).first.click()

    async def tick(self, name: str) -> None:
        await self.field(name).check()

    async def sees(self, text: str) -> None:
        await expect(self.page.locator("body")).to_contain_text(text, timeout=1000 * PATIENCE_S)

    async def sees_not(self, text: str) -> None:
        await expect(self.page.locator("body")).not_to_contain_text(text)

    async def reads_until(self, text: str) -> None:
        """Load the page again until it says so."""
        shown = self.page.get_by_text(text).first
        async with asyncio.timeout(PATIENCE_S):
            while not await shown.is_visible():
                await self.page.reload()


def _beginning(text: str) -> re.Pattern[str]:
    """Of a label: a hint or a number may stand behind it."""
    return re.compile(rf"^\s*{re.escape(text)}(?!\w)")
