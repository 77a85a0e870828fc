"""A browser without pictures: it keeps cookies, fills in forms as they stand on the page, follows redirects."""

from functools import cache
from html.parser import HTMLParser
from typing import Any

import httpx
import msgspec
from argon2 import PasswordHasher
from makeready_admin.users.model import User
from makeready_admin.users.store.users import users_of
from makeready_admin.web.request import ROOT
from pretend import Bench

PASSWORD = "a long sentence for tests"
OTHER = "southgate"


class Page:
    """What a person sees, and the forms that are on it."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.text
        reader = _Reader()
        reader.feed(self.html)
        self.text = " ".join(" ".join(reader.words).split())
        self.forms = reader.forms
        self.links = reader.links
        self.markup = reader.markup
        """Names of tags and attributes."""

    def form(self, action: str) -> dict[str, list[str]]:
        """The fields of the form that goes to an address ending so, as they stand."""
        [found] = [form for form in self.forms if form["action"].endswith(action)]
        return {name: list(values) for name, values in found["fields"].items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.markup: set[str] = set()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.markup |= {tag, *given}
        if tag == "form":
            self.forms.append({"action": given.get("action", ""), "fields": {}})
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "input" and self.forms and given.get("name"):
            ticks = given.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in given:
                self._put(given["name"], given.get("value", "on" if ticks else ""))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and "selected" in given:
            self._put(self._select, given.get("value", ""))
        elif tag == "textarea" and self.forms and given.get("name"):
            self._put(given["name"], "")
            self._area = given["name"]

    def _put(self, name: str, value: str) -> None:
        self.forms[-1]["fields"].setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    _area = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._area:
            fields = self.forms[-1]["fields"][self._area]
            fields[-1] += data.removeprefix("\n") if not fields[-1] else data


class Browser:
    """One person's. Give it a client of its own: it holds the cookies."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page = Page(httpx.Response(200, text=""))

    async def get(self, path: str, status: int = 200) -> Page:
        return self._seen(await self.client.get(_address(path), follow_redirects=True), status)

    async def send(self, action: str, status: int = 200, formaction: str = "", **fields: Any) -> Page:
        """Fill in the form of this page that goes to ``action``, and send it; by a button that goes elsewhere."""
        [found] = [form for form in self.page.forms if form["action"].endswith(action)]
        values = {**self.page.form(action), **fields}
        kept = {name: value for name, value in values.items() if value is not None}
        assert f'{formaction}"' in self.page.html, f"no button goes to {formaction}"
        at = found["action"] or str(self.page.response.request.url)
        at = at.removesuffix(action) + formaction if formaction else at
        response = await self.client.post(
            at, data=kept, headers={"Referer": str(self.page.response.url)}, follow_redirects=True
        )
        return self._seen(response, status)

    async def sign_in(self, name: str, password: str = PASSWORD) -> Page:
        await self.get("/sign-in")
        return await self.send("/sign-in", name=name, password=password)

    def _seen(self, response: httpx.Response, status: int) -> Page:
        self.page = Page(response)
        assert response.status_code == status, self.page.text
        return self.page


def _address(path: str) -> str:
    return path if path.startswith(ROOT) else ROOT + path


async def users(bench: Bench) -> None:
    """An operator, two people of northfield, one of another company."""
    other = msgspec.structs.replace(
        bench.subscriber, name=OTHER, title="Southgate Print", external_user_id=118, url_token="other"
    )
    await bench.installation.store.subscribers.save([other])
    now = bench.clock()
    for name, role, subscriber in (
        ("olga", "operator", ""),
        ("mia", "manager", "northfield"),
        ("vera", "viewer", "northfield"),
        ("otto", "manager", OTHER),
    ):
        user = User(
            name=name,
            role=role,
            subscriber=subscriber,
            password_hash=hash_of_password(),
            created_at=now,
            password_at=now,
        )
        await users_of(bench.installation).add(user)


@cache
def hash_of_password() -> str:
    """One that is looked at quickly. What the product makes takes long, as it should."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
