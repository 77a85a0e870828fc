"""Signed-in calls of Pressero's API: the token, the errors, and lists page by page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any

from makeready_hooks.errors import (
    ConfigError,
    MakereadyError,
    OutcomeUnknown,
    Refused,
    RetryLater,
)
from makeready_hooks.http import Http, HttpAnswer, HttpRequest
from makeready_hooks.outside import Unreadable, read_json
from msgspec import structs

from makeready_pressero import wire
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import Page, page_from

PAGE_SIZE = 1000  # clients in production ask for 1000 products and 1500 orders (seen)
MAX_PAGES = 1000
LIMIT_WINDOW_S = 10.0
NOWHERE = (301, 302, 303, 307, 308, 404, 405)
"""What a login is answered with where something else than Pressero is."""
ADMIN_CULTURE = "en-US"  # messages and built-in names are in the caller's language (seen)

Row = dict[str, Any]
Query = tuple[tuple[str, str], ...]


class PresseroSession:
    def __init__(self, settings: PresseroSettings, http: Http) -> None:
        self._settings = settings
        self._http = http
        self._token = ""
        self._signing_in = asyncio.Lock()

    async def sign_in(self) -> None:
        """Get a token. Raises ConfigError if the login is refused, RetryLater if the shop is away."""
        body = {
            "UserName": self._settings.user_name,
            "Password": self._settings.password.reveal(),
            "SubscriberId": self._settings.subscriber_id,
            "ConsumerID": self._settings.consumer_id,
        }
        answer = await self._send(
            "POST", "V2/Authentication", (), wire.encode(body), changes_something=False, signed=False
        )
        token = wire.text(object_of(answer).get("Token")) if answer.status == 200 else ""
        if token:
            self._token = token
            return
        if answer.status in (408, 429) or answer.status >= 500:
            raise self._trouble(answer, "the login", changes_something=False)
        if answer.status in NOWHERE:
            raise ConfigError(
                f"There is no Pressero API at {self._settings.api_url}: HTTP {answer.status}.",
                field="connectors.pressero.admin_url",
                fix="Check admin_url: it is the address of the admin pages.",
            )
        raise ConfigError(
            "Pressero refuses the login.",
            field="connectors.pressero.password",
            fix="Check user_name, password, subscriber_id and consumer_id, and that the user may see the site.",
        )

    async def rows(
        self, method: str, path: str, body: Any = None, query: Query = (), *, paged: bool = False
    ) -> list[Row]:
        """All rows of a list. Raises RetryLater if the list changed its pages while it was read: a row could be missing.

        ``paged``: as of `Listing`.
        """
        listing = self.listing(method, path, body, query, paged=paged)
        found: list[Row] = []
        while not listing.ended:
            found += await listing.next_page()
        listing.check()
        return found

    def listing(
        self, method: str, path: str, body: Any = None, query: Query = (), *, paged: bool = False
    ) -> "Listing":
        return Listing(lambda paging: self.call(method, path, (*paging, *query), body), path, paged=paged)

    async def details(self, path: str) -> Row:
        """Of one thing that exists."""
        return details_of(await self.call("GET", path), path)

    async def change(self, method: str, path: str, body: Any = None, query: Query = ()) -> Row:
        """A call that must not be repeated blindly."""
        return as_row(await self.call(method, path, query, body, changes_something=True))

    async def call(
        self, method: str, path: str, query: Query = (), body: Any = None, *, changes_something: bool = False
    ) -> Any:
        """Send with a token; sign in again once if it has expired. Returns the JSON of the answer."""
        content = b"" if body is None else wire.encode(body)
        used = await self._have_token()
        answer = await self._send(method, path, query, content, changes_something=changes_something)
        if answer.status == 401:
            await self._renew(used)
            answer = await self._send(method, path, query, content, changes_something=changes_something)
        if not 200 <= answer.status < 300:
            raise self._trouble(answer, f"{method} {path}", changes_something=changes_something)
        return json_of(answer, f"{method} {path}", changes_something)

    async def _send(
        self,
        method: str,
        path: str,
        query: Query,
        body: bytes,
        *,
        changes_something: bool,
        signed: bool = True,
    ) -> HttpAnswer:
        headers: Mapping[str, str] = {
            "Accept": "application/json",
            "Accept-Language": ADMIN_CULTURE,
            **({"Authorization": f"token {self._token}"} if signed else {}),
            **({"Content-Type": "application/json"} if body else {}),
        }
        return await self._http.send(
            HttpRequest(
                method=method,
                url=f"{self._settings.api_url}/{path}",
                query=query,
                headers=headers,
                body=body,
                changes_something=changes_something,
                deadline_s=self._settings.answer_within_s,
            )
        )

    def _trouble(self, answer: HttpAnswer, call: str, *, changes_something: bool) -> MakereadyError:
        """The error without our secrets: a server may repeat what it was sent."""
        body = answer.body
        for secret in filter(None, (self._token, self._settings.password.reveal())):
            body = body.replace(secret.encode(), b"(hidden)")
        return trouble(structs.replace(answer, body=body), call, changes_something=changes_something)

    async def _have_token(self) -> str:
        if not self._token:
            await self._renew("")
        return self._token

    async def _renew(self, used: str) -> None:
        """Sign in, once for all tasks that found the same token expired."""
        async with self._signing_in:
            if self._token in (
                "",
                used,
            ):  # it stays until there is another: who waits here then tries as well
                await self.sign_in()


class Listing:
    """A list page by page, from page 0: each row once, also where pages overlap.

    ``paged``: also a short plain list may be a page, so that only an empty one is the end.
    """

    def __init__(self, ask: Callable[[Query], Awaitable[Any]], path: str, *, paged: bool) -> None:
        self._ask, self._path, self._paged = ask, path, paged
        self._seen: set[bytes] = set()
        self._pages = 0
        self.total = 0
        """As far as the shop tells it."""
        self.ended = False

    async def next_page(self) -> list[Row]:
        paging = (("pageNumber", str(self._pages)), ("pageSize", str(PAGE_SIZE)))
        answer = page_of(await self._ask(paging), self._path)
        self._pages += 1
        marked = {sha256(wire.encode(row)).digest(): row for row in answer.items}
        new = [row for mark, row in marked.items() if mark not in self._seen]
        self._seen.update(marked)
        self.total = max(
            self.total, answer.total or 0
        )  # one that shrinks has moved a row to a page that was read
        if answer.total is None:  # a shop may give smaller pages than it was asked for
            last = not (self._paged or answer.is_page) and len(answer.items) < PAGE_SIZE
        else:
            last = len(self._seen) == self.total
        self.ended = not new or last or self._pages == MAX_PAGES
        return new

    @property
    def has_changed(self) -> bool:
        """At the end: its pages changed while it was read, so that rows may be missing."""
        return len(self._seen) < self.total

    def check(self) -> None:
        """Raises RetryLater if it has changed."""
        if self.has_changed:
            raise RetryLater(
                f"Pressero's list {self._path} changed while it was read.", after_s=LIMIT_WINDOW_S
            )


class MalformedAnswer(RetryLater):
    """It begins as JSON and is none: not the page of a server that is away."""

    def __init__(self, message: str, body: bytes) -> None:
        super().__init__(message)
        self.body = body


def object_of(answer: HttpAnswer) -> Row:
    try:
        return as_row(read_json(answer.body))
    except Unreadable:
        return {}


def page_of(value: Any, path: str) -> Page:
    """Raises RetryLater for what is no list."""
    try:
        return page_from(value)
    except ValueError as exc:
        raise RetryLater(f"Pressero's answer to {path} {exc}.", after_s=LIMIT_WINDOW_S) from None


def details_of(value: Any, path: str) -> Row:
    """Of one thing that exists. Raises RetryLater for an answer without a member."""
    if not isinstance(value, dict) or not value:
        raise RetryLater(f"Pressero's answer to {path} cannot be read.", after_s=LIMIT_WINDOW_S)
    return value


def as_row(value: Any) -> Row:
    return value if isinstance(value, dict) else {}


def json_of(answer: HttpAnswer, call: str, changes_something: bool) -> Any:
    if not answer.body.strip():
        return {}
    try:
        return read_json(answer.body)
    except Unreadable:
        text = f"Pressero's answer to {call} cannot be read."
        if changes_something:
            raise OutcomeUnknown(text) from None
        is_json = answer.body.lstrip()[:1] in (b"{", b"[")
        raise (MalformedAnswer(text, answer.body) if is_json else RetryLater(text)) from None


def trouble(answer: HttpAnswer, call: str, *, changes_something: bool) -> MakereadyError:
    """The error that a failing status stands for; the text for people is in ``Message`` (seen)."""
    words = wire.text(object_of(answer).get("Message")) or f"HTTP {answer.status}"
    if answer.status == 429:
        return RetryLater("Pressero's limit of calls is reached.", after_s=LIMIT_WINDOW_S)
    if answer.status == 401:
        return ConfigError(
            f"Pressero does not let this user do {call}: {words}.",
            field="connectors.pressero.user_name",
            fix="Give the API user access to the site in Pressero's admin.",
        )
    if answer.status < 500 and answer.status != 408:
        return Refused(f"Pressero refuses {call}: {words}.")
    if changes_something:
        return OutcomeUnknown(f"Pressero failed in {call}; it is not known whether it was done: {words}.")
    return RetryLater(f"Pressero cannot answer {call} just now: {words}.")
