"""Pressero's API over HTTP: the token, and the calls that we need."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from makeready_hooks.errors import (
    ConfigError,
    MakereadyError,
    NotSupported,
    OutcomeUnknown,
    Refused,
    RetryLater,
)
from makeready_hooks.http import Http, HttpAnswer, HttpRequest

from makeready_pressero import wire
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import Page, page_from

PAGE_SIZE = 500
LIMIT_WINDOW_S = 10.0
ADMIN_CULTURE = "en-US"  # messages and built-in names are in the caller's language (seen)

Row = dict[str, Any]
Query = tuple[tuple[str, str], ...]


class PresseroClient:
    def __init__(self, settings: PresseroSettings, http: Http) -> None:
        self._settings = settings
        self._names = settings.assumptions
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
        answer = await self._send("POST", "V2/Authentication", (), wire.encode(body), changes_something=False)
        token = wire.text(_object(answer).get("Token")) if answer.status == 200 else ""
        if token:
            self._token = token
            return
        if answer.status == 429 or answer.status >= 500:
            raise _trouble(answer, "the login", changes_something=False)
        raise ConfigError(
            "Pressero refuses the login.",
            field="connectors.pressero.password",
            fix="Check user_name, password, subscriber_id and consumer_id, and that the user may see the site.",
        )

    async def sites(self) -> Page:
        """Every site of the account. Raises NotSupported if it cannot list them."""
        return await self._list(_path(self._names.sites_path, "its sites"))

    async def groups(self, site: str) -> Page:
        return await self._list(f"site/{quote(site)}/{_path(self._names.groups_path, 'user groups')}")

    async def categories(self, site: str) -> Page:
        return await self._list(f"site/{quote(site)}/{_path(self._names.categories_path, 'categories')}")

    async def workflows(self) -> Page:
        return await self._list("Workflows")

    async def engines(self) -> Page:
        return await self._list(_path(self._names.calculators_path, "pricing engines"))

    async def create_engine(self, name: str, url: str) -> Row:
        body = {"CalculatorName": name, "Method": self._names.external_method, self._names.engine_url: url}
        return await self._change("POST", self._names.calculators_path, body)

    async def webhooks(self) -> Page:
        return await self._list(_path(self._names.webhooks_path, "webhooks"))

    async def create_webhook(self, description: str, key: str, url: str, events: tuple[str, ...]) -> Row:
        body = {"Description": description, "SecurityKey": key, "Url": url, "Events": list(events)}
        return await self._change("POST", self._names.webhooks_path, body)

    async def product_by_url_name(self, site: str, url_name: str) -> Row | None:
        """The filter is seen; the answer is compared all the same."""
        filters = [{"Column": "UrlName", "Value": url_name, "Operator": "isequalto"}]
        query = (("pageNumber", "0"), ("pageSize", "20"), ("includeDeleted", "false"))
        page = page_from(await self._call("POST", f"site/{quote(site)}/products", query, filters))
        wanted = url_name.casefold()
        return next((row for row in page.items if wire.text(row.get("UrlName")).casefold() == wanted), None)

    async def create_product(self, site: str, body: Row) -> Row:
        return await self._change("POST", f"site/{quote(site)}/products", body)

    async def stock_id(self, site: str, name: str) -> str:
        """The id of the stock item of exactly this name, or ""."""
        filters = [{"Column": "StockName", "Value": name, "Operator": "contains"}]
        query = (("pageNumber", "0"), ("pageSize", "100"))
        page = page_from(await self._call("POST", f"site/{quote(site)}/StockInventory", query, filters))
        return next((wire.text(row.get("StockId")) for row in page.items if row.get("StockName") == name), "")

    async def create_stock(self, site: str, name: str, level: int) -> str:
        body = {"Stock": {"StockName": name, "ReorderPoint": 0, "PerItemCost": 0}, "CurrentLevel": level}
        made = await self._change("POST", f"site/{quote(site)}/StockInventory", body)
        stock = made.get("Stock")
        return wire.text(stock.get("StockId") if isinstance(stock, dict) else made.get("StockId"))

    async def order_items(self, number: str) -> list[Row]:
        """All items of one order."""
        filters = [{"Column": "OrderNumber", "Value": number, "Operator": "equals"}]
        return await self._search_orders({"Filters": filters})

    async def order_items_between(self, start: datetime, end: datetime) -> list[Row]:
        """All items of all orders placed in a period, with a day's margin on both sides."""
        day = timedelta(days=1)
        return await self._search_orders({"StartDate": _stamp(start - day), "EndDate": _stamp(end + day)})

    async def _search_orders(self, search: Row) -> list[Row]:
        body = {**search, "SortDescriptor": {"Member": "OrderNumber", "Direction": "Ascending"}}
        rows: list[Row] = []
        while True:
            query = (("pageNumber", str(len(rows) // PAGE_SIZE)), ("pageSize", str(PAGE_SIZE)))
            page = page_from(await self._call("POST", "v2/Orders/Search", query, body))
            rows += page.items
            if len(page.items) < PAGE_SIZE or len(rows) >= page.total:
                return rows

    async def item_details(self, order_number: str, item_number: int) -> Row:
        return _as_row(await self._call("GET", f"v2/orders/{quote(order_number)}/Item/{item_number}/Details"))

    async def user_by_email(self, site: str, email: str) -> Row | None:
        query = (("pageNumber", "0"), ("pageSize", "1"), ("email", email), ("includeDeleted", "false"))
        page = page_from(await self._call("GET", f"site/{quote(site)}/users/", query))
        return page.items[0] if page.items else None

    async def set_mis_id(self, order_number: str, item_number: int, mis_id: str) -> None:
        """A partial update; doing it twice does no harm, so a lost answer is simply repeated."""
        await self._call("PUT", f"v2/Orders/{quote(order_number)}/Item/{item_number}", (), {"MisId": mis_id})

    async def _list(self, path: str) -> Page:
        return page_from(await self._call("GET", path, (("pageNumber", "0"), ("pageSize", str(PAGE_SIZE)))))

    async def _change(self, method: str, path: str, body: Row) -> Row:
        return _as_row(await self._call(method, path, (), body, changes_something=True))

    async def _call(
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
            raise _trouble(answer, f"{method} {path}", changes_something=changes_something)
        return _json(answer, f"{method} {path}", changes_something)

    async def _send(
        self, method: str, path: str, query: Query, body: bytes, *, changes_something: bool
    ) -> HttpAnswer:
        headers: Mapping[str, str] = {
            "Accept": "application/json",
            "Accept-Language": ADMIN_CULTURE,
            **({"Authorization": f"token {self._token}"} if self._token else {}),
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

    async def _have_token(self) -> str:
        if not self._token:
            await self._renew("")
        return self._token

    async def _renew(self, used: str) -> None:
        """Sign in, once for all tasks that found the same token expired."""
        async with self._signing_in:
            if self._token == used:
                self._token = ""
                await self.sign_in()


def _path(path: str, what: str) -> str:
    if not path:
        raise NotSupported(f"This account does not tell {what}.", fix="Enter it by hand.")
    return path


def _stamp(moment: datetime) -> str:
    """``2026-02-01 00:00:00Z``: the form that a client in production sends."""
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def _object(answer: HttpAnswer) -> Row:
    try:
        return _as_row(msgspec.json.decode(answer.body))
    except msgspec.DecodeError:
        return {}


def _as_row(value: Any) -> Row:
    return value if isinstance(value, dict) else {}


def _json(answer: HttpAnswer, call: str, changes_something: bool) -> Any:
    if not answer.body.strip():
        return {}
    try:
        return msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        text = f"Pressero's answer to {call} cannot be read."
        raise OutcomeUnknown(text) if changes_something else RetryLater(text) from None


def _trouble(answer: HttpAnswer, call: str, *, changes_something: bool) -> MakereadyError:
    """The error that a failing status stands for; the text for people is in ``Message`` (seen)."""
    words = wire.text(_object(answer).get("Message")) or f"HTTP {answer.status}"
    if answer.status == 429:
        return RetryLater("Pressero's limit of calls is reached.", after_s=LIMIT_WINDOW_S)
    if answer.status == 401:
        return ConfigError(
            f"Pressero does not let this user do {call}: {words}.",
            field="connectors.pressero.user_name",
            fix="Give the API user access to the site in Pressero's admin.",
        )
    if answer.status < 500:
        return Refused(f"Pressero refuses {call}: {words}.")
    if changes_something:
        return OutcomeUnknown(f"Pressero failed in {call}; it is not known whether it was done: {words}.")
    return RetryLater(f"Pressero cannot answer {call} just now: {words}.")
