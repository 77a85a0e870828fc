"""Tharstern's functions over HTTP: the token, the envelope, and the calls that we need."""

import asyncio
import base64
from collections.abc import Iterable, Mapping
from typing import Any

from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused
from makeready_hooks.http import Http, HttpAnswer, HttpRequest

from makeready_tharstern import wire
from makeready_tharstern.mapping import product_from
from makeready_tharstern.replies import Reply, read_reply, trouble
from makeready_tharstern.settings import TharsternSettings

ZERO_TOKEN = "00000000-0000-0000-0000-000000000000"  # noqa: S105 - what a refused login answers (seen)
PAGE_SIZE = 200
MAX_PAGES = 500

Query = tuple[tuple[str, str], ...]


class TharsternClient:
    def __init__(self, settings: TharsternSettings, http: Http) -> None:
        self._settings = settings
        self._names = settings.assumptions
        self._http = http
        self._token = ""
        self._signing_in = asyncio.Lock()

    async def sign_in(self) -> None:
        """Get a token. Raises ConfigError if the login is refused, RetryLater if the server is away."""
        query = (
            ("email", self._settings.login),
            ("password", self._settings.password.reveal()),
            ("applicationId", self._settings.api_key),
        )
        request = HttpRequest(
            method="GET",
            url=f"{self._settings.api_url}/authentication/GenerateAPIToken",
            query=query,
            deadline_s=self._settings.answer_within_s,
            secret_query=True,
        )
        answer = await self._http.send(request)
        reply = read_reply(answer)
        if reply is None or answer.status >= 500:
            raise trouble(answer, None, "the login", changes_something=False)
        token = str(reply.details.get("Token") or ZERO_TOKEN)
        if not reply.success or token == ZERO_TOKEN:
            raise ConfigError(
                "Tharstern refuses the login.",
                field="connectors.tharstern.password",
                fix="Check login, password and api_key, and that this user may use the API.",
            )
        self._token = token

    async def products(self, page: int) -> tuple[list[wire.Product], int]:
        """One page of products, from 0, and how many there are in all."""
        query: list[tuple[str, str]] = [
            (self._names.page_name, str(page + self._names.first_page)),
            (self._names.page_size_name, str(PAGE_SIZE)),
        ]
        if self._settings.customer_code:
            query.append((self._names.customer_filter, self._settings.customer_code))
        return await self._product_list(tuple(query))

    async def all_products(self) -> list[wire.Product]:
        """Every product, page by page. A site that ignores paging answers all at once; that is fine."""
        found: dict[str, wire.Product] = {}
        for page in range(MAX_PAGES):
            products, total = await self.products(page)
            new = [product for product in products if product.id not in found]
            found.update((product.id, product) for product in new)
            if not new or len(found) >= total:
                break
        return list(found.values())

    async def products_by_id(self, ids: tuple[str, ...]) -> list[wire.Product]:
        """The products with these ids. A site that does not take an array is asked one by one."""
        if len(ids) == 1:
            return await self._one_product(ids[0])
        many, _ = await self._product_list(array(self._names.ids_name, ids))
        wanted = {product.id: product for product in many if product.id in ids}
        for product_id in ids:
            if product_id not in wanted:
                wanted.update((product.id, product) for product in await self._one_product(product_id))
        return list(wanted.values())

    async def _one_product(self, product_id: str) -> list[wire.Product]:
        if (
            not product_id.isdigit()
        ):  # ids are integers there; a text would be an error, not "no such product"
            return []
        products, _ = await self._product_list((("id", product_id),))
        return [product for product in products if product.id == product_id]

    async def _product_list(self, query: Query) -> tuple[list[wire.Product], int]:
        details = await self._read("products", query)
        items = [item for item in _items(details) if "ID" in item]
        total = details.get("TotalItemCount")
        products = [product_from(item, self._names) for item in items]
        return products, total if isinstance(total, int) else len(products)

    async def customer_exists(self, code: str) -> bool:
        details = await self._read("customers", (("customerCode", code),))
        return any(str(item.get("Code", "")).casefold() == code.casefold() for item in _items(details))

    async def submit_order(self, payload: bytes) -> wire.SubmittedOrder:
        """Send ``orders/submit``.

        Raises Refused only where the reply says so; OutcomeUnknown for everything unclear.
        """
        details = await self._change("orders/submit", payload)
        orders = details.get("Orders")
        if not isinstance(orders, list) or len(orders) != 1 or not isinstance(orders[0], dict):
            raise OutcomeUnknown("Tharstern's answer to orders/submit does not name one order.")
        order = orders[0]
        order_id = wire.decimal_or_none(order.get("ID"))
        if order_id is None:
            raise OutcomeUnknown("Tharstern's answer to orders/submit has no order ID.")
        return wire.SubmittedOrder(
            id=int(order_id),
            number=str(order.get(self._names.order_number) or ""),
            status_details=str(order.get("StatusDetails") or ""),
        )

    async def orders_by_reference(self, reference: str) -> list[wire.SubmittedOrder] | None:
        """Orders with our key; None if this site cannot tell.

        A site that does not know the filter ignores it and shows other orders: then an absence proves nothing.
        """
        if not self._names.order_reference_filter:
            return None
        details = await self._read("orders", ((self._names.order_reference_filter, reference),))
        items = _items(details)
        ours = [item for item in items if str(item.get(self._names.order_reference)) == reference]
        if not ours and (items or details.get("TotalItemCount") != 0):
            return None
        return [
            wire.SubmittedOrder(
                id=int(item["ID"]), number=str(item.get(self._names.order_number) or ""), status_details=""
            )
            for item in ours
        ]

    async def attach(self, order_id: str, filename: str, content: bytes) -> None:
        """Give an order a file afterwards, ``orders/submitorderasset`` (seen)."""
        body = {
            "OrderId": int(order_id),
            "Filename": filename,
            "Content_Base64": base64.b64encode(content).decode(),
        }
        await self._change("orders/submitorderasset", wire.encode(body))

    async def _read(self, function: str, query: Query) -> dict[str, Any]:
        return await self._call("GET", function, query, b"", changes_something=False)

    async def _change(self, function: str, body: bytes) -> dict[str, Any]:
        return await self._call("POST", function, (), body, changes_something=True)

    async def _call(
        self, method: str, function: str, query: Query, body: bytes, *, changes_something: bool
    ) -> dict[str, Any]:
        """Send with a token; sign in again once if the token has expired. Returns ``Details``."""
        used = await self._have_token()
        answer, reply = await self._send(method, function, query, body, changes_something)
        if self._expired(answer, reply):
            await self._renew(used)
            answer, reply = await self._send(method, function, query, body, changes_something)
            if self._expired(answer, reply):
                raise Refused(
                    f"Tharstern does not let this user call {function}.", fix="Check the API user's rights."
                )
        if reply is None or not reply.success:
            raise trouble(answer, reply, function, changes_something=changes_something)
        return reply.details

    async def _send(
        self, method: str, function: str, query: Query, body: bytes, changes_something: bool
    ) -> tuple[HttpAnswer, Reply | None]:
        headers: Mapping[str, str] = {
            "Authorization": "Basic " + base64.b64encode(f"{self._token}:".encode()).decode(),
            "Accept": "application/json",
            **({"Content-Type": "application/json"} if body else {}),
        }
        request = HttpRequest(
            method=method,
            url=f"{self._settings.api_url}/{function}",
            query=query,
            headers=headers,
            body=body,
            changes_something=changes_something,
            deadline_s=self._settings.answer_within_s,
        )
        answer = await self._http.send(request)
        return answer, read_reply(answer)

    def _expired(self, answer: HttpAnswer, reply: Reply | None) -> bool:
        """What an expired token answers is unknown: 401, 403, or a failure that speaks of it."""
        if answer.status in (401, 403):
            return True
        if reply is None or reply.success or answer.status != 200:
            return False
        text = reply.text.lower()
        return any(word in text for word in self._names.expired_token_words)

    async def _have_token(self) -> str:
        if not self._token:
            await self._renew("")
        return self._token

    async def _renew(self, used: str) -> None:
        """Sign in, once for all tasks that found the same token expired."""
        async with self._signing_in:
            if self._token == used:
                await self.sign_in()


def array(name: str, values: Iterable[str]) -> Query:
    """``name[0]=…&name[1]=…``, as lists are sent (seen)."""
    return tuple((f"{name}[{index}]", value) for index, value in enumerate(values))


def _items(details: dict[str, Any]) -> list[dict[str, Any]]:
    items = details.get("Items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
