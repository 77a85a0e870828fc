"""What a person has to do on the way: clicks, fields that are filled in, pages that are loaded."""

from person import Person
from playwright.async_api import Page


class CountedPerson(Person):
    def __init__(self, page: Page, at: str) -> None:
        super().__init__(page, at)
        self.clicks = self.fields = self.loads = 0
        page.on("load", lambda _page: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    async def fill(self, label: str, value: str) -> None:
        self.fields += 1
        await super().fill(label, value)

    async def press(self, name: str) -> None:
        self.clicks += 1
        await super().press(name)

    async def follow(self, name: str) -> None:
        self.clicks += 1
        await super().follow(name)

    async def unfold(self, name: str) -> None:
        """What is folded away."""
        self.clicks += 1
        await self.page.locator("summary", has_text=name).first.click()

    def forget(self) -> None:
        """What was done until now is no part of the journey."""
        self.clicks = self.fields = self.loads = 0
