"""Tharstern's functions that we need. All are seen, unless the assumptions name them."""

import base64
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from makeready_hooks.errors import NotSupported, OutcomeUnknown, Refused
from makeready_hooks.http import Http

from makeready_tharstern import wire
from makeready_tharstern.products.mapping import product_from
from makeready_tharstern.session import Query, TharsternSession
from makeready_tharstern.settings import TharsternSettings

T = TypeVar("T")

MAX_PAGES = 500
ORDERS_AT_ONCE = 50
"""IIS takes 2048 characters of a query if nobody has changed that."""
FEW = 5
"""Products that are asked for one by one rather than by reading a whole list."""


class TharsternClient:
    def __init__(self, settings: TharsternSettings, http: Http) -> None:
        self._settings = settings
        self._names = settings.assumptions
        self._session = TharsternSession(settings, http)

    async def sign_in(self) -> None:
        """Raises ConfigError if the login is refused, RetryLater if the server is away."""
        await self._session.sign_in()

    async def products(self, page: int) -> tuple[list[wire.Product], int]:
        """One page of products, from 0, and how many there are in all."""
        code = self._settings.customer_code
        of_customer = ((self._names.customer_filter, code),) if code else ()
        return await self._product_list((*self._page(page), *of_customer))

    async def all_products(self) -> list[wire.Product]:
        """Every product. Raises Refused as `_whole`."""

        async def page_of(page: int) -> tuple[dict[str, wire.Product], int]:
            products, total = await self.products(page)
            return {product.id: product for product in products}, total

        return await self._whole(page_of, "products")

    @staticmethod
    async def _whole(page_of: Callable[[int], Awaitable[tuple[dict[str, T], int]]], what: str) -> list[T]:
        """All of a list, each once, page by page. A site that ignores paging answers all at once; that is fine.

        Raises Refused if it has shown fewer than it says that there are.
        """
        found: dict[str, T] = {}
        most = 0
        for page in range(MAX_PAGES):
            rows, total = await page_of(page)
            most = max(most, total)  # one that shrinks has moved a row to a page that was read
            if rows.keys() <= found.keys():
                break
            found = rows | found
            if len(found) == most:
                break
        if len(found) < most:
            raise Refused(
                f"Tharstern shows {len(found)} of its {most} {what}: the list changed while it was read, or it is paged in "
                "another way.",
                fix="Try again. If it stays so, set page_name, page_size_name and first_page in the assumptions.",
            )
        return list(found.values())

    async def products_by_id(self, ids: tuple[str, ...]) -> list[wire.Product]:
        """The products with these ids.

        A site that does not take an array is asked for its whole list, and for the few that are still
        missing one by one.
        """
        ids = tuple(one for one in ids if wire.is_id(one))  # a single odd one spoils the answer for all
        if len(ids) < 2:
            return await self._one_product(ids[0]) if ids else []
        many, _ = await self.products_of(ids)
        wanted = {product.id: product for product in many if product.id in ids}
        if len(ids) - len(wanted) > FEW:
            wanted |= {product.id: product for product in await self.all_products() if product.id in ids}
        for product_id in ids:
            if product_id not in wanted:
                wanted.update((product.id, product) for product in await self._one_product(product_id))
        return list(wanted.values())

    async def products_of(self, ids: Sequence[str]) -> tuple[list[wire.Product], int]:
        """What a site shows that is asked for an array of ids: these, or a page of all of its products."""
        return await self._product_list(array(self._names.ids_name, ids))

    async def product_for(self, product_id: str, customer: str) -> wire.Product | None:
        """A product with the prices of a customer, "" for everybody's; None if that customer does not see it."""
        if not wire.is_id(product_id):
            return None
        found = await self._one_product(
            product_id, ((self._names.customer_filter, customer),) if customer else ()
        )
        return found[0] if found else None

    async def _one_product(self, product_id: str, more: Query = ()) -> list[wire.Product]:
        products, _ = await self._product_list((("id", product_id), *more))
        return [product for product in products if product.id == product_id]

    async def _product_list(self, query: Query) -> tuple[list[wire.Product], int]:
        details = await self._session.read("products", query)
        items = [item for item in _items(details) if item.get("ID")]
        total = details.get("TotalItemCount")
        products = [product_from(item, self._names) for item in items]
        return products, total if isinstance(total, int) else len(products)

    async def example_request(self, product_type: str) -> dict[str, Any]:
        """A filled-in estimate request of a product type, to be edited and posted back."""
        return await self._session.read(f"EstRequest/{quote(product_type, safe='')}/Example")

    async def estimate(self, request: dict[str, Any]) -> wire.Estimate:
        """Make an estimate. It leaves a record in the MIS, so ask rarely.

        A failure does not prove that none was made (seen): it is then looked for by its ``Title``, which
        has to be unique. Raises Refused with Tharstern's problems.
        """
        try:
            details = await self._session.change("estrequest", wire.encode(request))
        except OutcomeUnknown:
            title = str(request.get("Title") or "")
            found = (
                [one for one in await self.estimates(keyword=title) if one.title == title] if title else []
            )
            if not found:
                raise
            return found[0]
        return wire.estimate_from(_inner(details, "Estimate"), self._names.estimate_price)

    async def estimate_again(self, estimate_id: str, quantity: int) -> wire.Estimate:
        """The same estimate in another quantity, as a new record."""
        query = (("estimateId", estimate_id), ("quantity", str(quantity)))
        details = await self._session.change("estimate/newestimatefromexisting", b"", query)
        return wire.estimate_from(_inner(details, "Estimate"), self._names.estimate_price)

    async def estimates(self, ids: Sequence[str] = (), keyword: str = "") -> list[wire.Estimate]:
        """Estimates by id, or by words of their title."""
        query = (*array("id", ids), *((("keyword", keyword),) if keyword else ()))
        details = await self._session.read("estimates", query)
        return [wire.estimate_from(item, self._names.estimate_price) for item in _items(details)]

    async def customer_codes_like(self, code: str) -> list[str]:
        """What the site shows when it is asked for a code: a code is compared exactly, but others may be near."""
        details = await self._session.read("customers", (("customerCode", code),))
        return [str(item.get("Code", "")).strip() for item in _items(details)]

    async def customers(self) -> list[dict[str, Any]]:
        """All that the site shows when no code is given: ``Code`` and a name each."""
        if not self._names.lists_customers:
            raise NotSupported("This site does not list its customers.", fix="Type the code.")
        return await self._whole_list("customers", "Code")

    async def order_statuses(self) -> list[str]:
        """Names of the statuses of orders, in the site's order."""
        function = self._names.statuses_function
        if not function:
            raise NotSupported("This site does not list the statuses of orders.", fix="Type the name.")
        name = self._names.status_name
        return [str(item[name]) for item in await self._whole_list(function, name)]

    async def _whole_list(self, function: str, key: str) -> list[dict[str, Any]]:
        """What has the member ``key``. Raises Refused as `_whole`."""

        async def page_of(page: int) -> tuple[dict[str, dict[str, Any]], int]:
            details = await self._session.read(function, self._page(page))
            rows = {str(item[key]): item for item in _items(details) if item.get(key)}
            total = wire.whole_or_none(details.get("TotalItemCount"))
            return rows, len(rows) if total is None else total

        return await self._whole(page_of, function)

    def _page(self, page: int) -> Query:
        """Of a list, from 0."""
        return (
            (self._names.page_name, str(page + self._names.first_page)),
            (self._names.page_size_name, str(self._names.page_size)),
        )

    async def submit_order(self, payload: bytes) -> wire.SubmittedOrder:
        """Send ``orders/submit``.

        Raises Refused only where the reply says so; OutcomeUnknown for everything unclear.
        """
        details = await self._session.change("orders/submit", payload)
        orders = details.get("Orders")
        if not isinstance(orders, list) or len(orders) != 1 or not isinstance(orders[0], dict):
            raise OutcomeUnknown("Tharstern's answer to orders/submit does not name one order.")
        if wire.whole_or_none(orders[0].get("ID")) is None:
            raise OutcomeUnknown("Tharstern's answer to orders/submit has no order ID.")
        return self._order_from(orders[0])

    async def orders_by_reference(self, reference: str) -> list[wire.SubmittedOrder] | None:
        """Orders with our key, by the filter that this site is known to have; None if it cannot tell."""
        filter_name = self._names.order_reference_filter
        return await self.orders_by(filter_name, reference) if filter_name else None

    async def orders_by(self, filter_name: str, reference: str) -> list[wire.SubmittedOrder] | None:
        """Orders with our key by a filter that the site may not have; None if it cannot tell.

        A site that does not know a filter ignores it and shows other orders: then an absence proves nothing.
        """
        details = await self._session.read("orders", ((filter_name, reference),))
        items = _items(details)
        ours = [item for item in items if str(item.get(self._names.order_reference)) == reference]
        if not ours and (items or wire.whole_or_none(details.get("TotalItemCount")) != 0):
            return None
        orders = [self._order_from(item) for item in ours]
        return orders if all(order.id for order in orders) else None

    async def orders(self, ids: Sequence[str] = (), numbers: Sequence[str] = ()) -> list[wire.SubmittedOrder]:
        """Orders by id and by number, as they are now, as many with one call as an address can hold.

        Whether both filters together find what fits either or both is unknown: they are used apart.
        """
        found: list[wire.SubmittedOrder] = []
        for name, wanted in (("orderIDs", list(filter(wire.is_id, ids))), ("orderNOs", list(numbers))):
            for start in range(0, len(wanted), ORDERS_AT_ONCE):
                found += await self._orders(name, wanted[start : start + ORDERS_AT_ONCE])
        return found

    async def _orders(self, name: str, wanted: Sequence[str]) -> list[wire.SubmittedOrder]:
        """What does not fit onto a page is asked for again: a site may page in a way that is not known."""
        size = (self._names.page_size_name, str(len(wanted)))
        details = await self._session.read("orders", (*array(name, wanted), size))
        items = _items(details)
        orders = {self._key(name, order): order for order in map(self._order_from, items)}
        found = [orders[one.casefold()] for one in wanted if one.casefold() in orders]
        rest = [one for one in wanted if one.casefold() not in orders]
        cut = (wire.whole_or_none(details.get("TotalItemCount")) or 0) > len(items)
        return [*found, *(await self._orders(name, rest) if found and rest and cut else ())]

    @staticmethod
    def _key(name: str, order: wire.SubmittedOrder) -> str:
        return str(order.id) if name == "orderIDs" else order.number.casefold()

    def _order_from(self, item: dict[str, Any]) -> wire.SubmittedOrder:
        return wire.SubmittedOrder(
            id=wire.whole_or_none(item.get("ID")) or 0,
            number=str(item.get(self._names.order_number) or ""),
            status_details=str(item.get("StatusDetails") or ""),
            status=str(item.get(self._names.order_status) or ""),
            extra=item,
        )

    async def jobs(self, ids: Sequence[str] = (), numbers: Sequence[str] = ()) -> list[wire.Job]:
        """Jobs by id and by number, as they are now."""
        details = await self._session.read("jobs", (*array("id", ids), *array("jobNo", numbers)))
        return [wire.job_from(item, self._names.job_status) for item in _items(details)]

    async def attach(self, order_id: str, filename: str, content: bytes) -> None:
        """Give an order a file afterwards, ``orders/submitorderasset`` (seen)."""
        body = {
            "OrderId": int(order_id),
            "Filename": filename,
            "Content_Base64": base64.b64encode(content).decode(),
        }
        await self._session.change("orders/submitorderasset", wire.encode(body))


def array(name: str, values: Iterable[str]) -> Query:
    """``name[0]=…&name[1]=…``, as lists are sent (seen)."""
    return tuple((f"{name}[{index}]", value) for index, value in enumerate(values))


def _inner(details: dict[str, Any], name: str) -> dict[str, Any]:
    """Raises OutcomeUnknown if the answer lacks what it should name."""
    inner = details.get(name)
    if not isinstance(inner, dict) or not inner.get("ID"):
        raise OutcomeUnknown(f"Tharstern's answer does not name the {name.lower()}.")
    return inner


def _items(details: dict[str, Any]) -> list[dict[str, Any]]:
    items = details.get("Items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
