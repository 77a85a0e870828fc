"""The calls of Pressero's API that we need. Paths and bodies are seen, unless the assumptions name them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

from makeready_hooks.errors import NotSupported
from makeready_hooks.http import Http

from makeready_pressero import wire
from makeready_pressero.session import Listing, PresseroSession, Row, as_row, page_of
from makeready_pressero.settings import PresseroSettings

quoted = partial(quote, safe="")
"""Of a path."""


class PresseroClient:
    def __init__(self, settings: PresseroSettings, http: Http) -> None:
        self._names = settings.assumptions
        self._session = PresseroSession(settings, http)

    async def sign_in(self) -> None:
        """Raises ConfigError if the login is refused, RetryLater if the shop is away."""
        await self._session.sign_in()

    # Sites

    async def sites(self) -> list[Row]:
        """Every site of the account. Raises NotSupported if it cannot list them."""
        return await self._session.rows("GET", _path(self._names.sites_path, "its sites"))

    async def groups(self, site: str) -> list[Row]:
        return await self._session.rows(
            "GET", f"site/{quoted(site)}/{_path(self._names.groups_path, 'user groups')}"
        )

    async def categories(self, site: str) -> list[Row]:
        path = _path(self._names.categories_path, "categories")
        return await self._session.rows("GET", f"site/{quoted(site)}/{path}")

    async def user_by_email(self, site: str, email: str) -> Row | None:
        """The site's user with this address; None if there is none."""
        query = (("pageNumber", "0"), ("pageSize", "20"), ("email", email), ("includeDeleted", "false"))
        page = page_of(await self._session.call("GET", f"site/{quoted(site)}/users/", query), "users")
        return next((row for row in page.items if _is_of(row, email)), None)

    def users(self, site: str) -> Listing:
        """All users of a site. That the filter by address can be left out is inferred."""
        return self._session.listing("GET", f"site/{quoted(site)}/users/", None, NOT_DELETED)

    async def user(self, site: str, user_id: str) -> Row:
        """A user with ``Groups``: ``GroupId``, ``GroupName`` each (seen)."""
        return await self._session.details(f"site/{quoted(site)}/users/{quoted(user_id)}")

    async def workflows(self) -> list[Row]:
        return await self._session.rows("GET", "Workflows")

    async def stages(self, workflow_id: str) -> list[Row]:
        """``WorkflowStageId``, ``Seq``, ``PrinterStage``, ``CustomerStage`` each."""
        return await self._session.rows("GET", f"workflows/{quoted(workflow_id)}/Stages")

    # Set-up

    async def engines(self) -> list[Row]:
        return await self._session.rows("GET", _path(self._names.calculators_path, "pricing engines"))

    async def create_engine(self, name: str, url: str, user: str, token: str) -> Row:
        """``user`` and ``token``: with which it calls us; both may be empty."""
        names = self._names
        body = {"CalculatorName": name, "Method": names.external_method, names.engine_url: url}
        body |= {names.engine_user: user} if user else {}
        body |= {names.engine_token: token} if token else {}
        return await self._session.change("POST", self._names.calculators_path, body)

    async def webhooks(self) -> list[Row]:
        return await self._session.rows("GET", _path(self._names.webhooks_path, "webhooks"))

    async def create_webhook(self, description: str, key: str, url: str, events: Sequence[str]) -> Row:
        body = {"Description": description, "SecurityKey": key, "Url": url, "Events": list(events)}
        return await self._session.change("POST", self._names.webhooks_path, body)

    # Products and stock

    async def product_by_url_name(self, site: str, url_name: str) -> Row | None:
        """The filter is seen; the answer is compared all the same."""
        filters = [{"Column": "UrlName", "Value": url_name, "Operator": "isequalto"}]
        rows = await self._session.rows("POST", f"site/{quoted(site)}/products", filters, NOT_DELETED)
        wanted = url_name.casefold()
        return next((row for row in rows if wire.text(row.get("UrlName")).casefold() == wanted), None)

    async def products(self, site: str) -> list[Row]:
        return await self._session.rows("GET", f"site/{quoted(site)}/products", None, NOT_DELETED, paged=True)

    async def product_details(self, site: str, product_id: str) -> Row:
        return await self._session.details(f"site/{quoted(site)}/products/{quoted(product_id)}")

    async def create_product(self, site: str, body: Row) -> Row:
        return await self._session.change("POST", f"site/{quoted(site)}/products", body)

    async def update_product(self, site: str, product_id: str, body: Row) -> Row:
        """A partial update: members that are left out stay. Repeating it does no harm."""
        path = f"site/{quoted(site)}/products/{quoted(product_id)}"
        return as_row(await self._session.call("PUT", path, (), body))

    async def stock_item(self, site: str, name: str) -> Row | None:
        """The stock item of exactly this name: ``StockId``, ``StockName``, ``CurrentLevel``."""
        rows = await self.stock_items(site, name)
        return next((row for row in rows if row.get("StockName") == name), None)

    async def stock_items(self, site: str, part: str) -> list[Row]:
        """Stock items whose names contain this; all of the site's for an empty text."""
        filters = [{"Column": "StockName", "Value": part, "Operator": "contains"}] if part else []
        return await self._session.rows("POST", f"site/{quoted(site)}/StockInventory", filters)

    async def create_stock(self, site: str, name: str, level: int) -> str:
        body = {"Stock": {"StockName": name, "ReorderPoint": 0, "PerItemCost": 0}, "CurrentLevel": level}
        made = await self._session.change("POST", f"site/{quoted(site)}/StockInventory", body)
        stock = made.get("Stock")
        return wire.text(stock.get("StockId") if isinstance(stock, dict) else made.get("StockId"))

    async def adjust_stock(self, site: str, stock_id: str, quantity: int, note: str) -> None:
        """Add to a level, or take from it. Raises NotSupported where the account has no such call."""
        path = _path(self._names.stock_transactions_path, "a call that changes stock").replace(
            "{id}", quoted(stock_id)
        )
        body = {"Type": self._names.stock_adjustment, "Quantity": quantity, "Notes": note}
        await self._session.change("POST", f"site/{quoted(site)}/{path}", body)

    # Orders

    async def order_items(self, number: str) -> list[Row]:
        """All items of one order."""
        filters = [{"Column": "OrderNumber", "Value": number, "Operator": "equals"}]
        return await self._session.rows(*_search({"Filters": filters}), paged=True)

    def order_items_between(self, start: datetime, end: datetime) -> Listing:
        """All items of all orders placed in a period, with a day's margin on both sides."""
        return self._session.listing(*_search(_period(start, end)), paged=True)

    async def item_details(self, order_number: str, item_number: int) -> Row:
        return await self._session.details(f"{_item(order_number, item_number)}/Details")

    async def set_mis_id(self, order_number: str, item_number: int, mis_id: str) -> None:
        """A partial update; doing it twice does no harm, so a lost answer is simply repeated."""
        await self._session.call("PUT", _item(order_number, item_number), (), {"MisId": mis_id})

    async def set_stage(self, order_number: str, item_number: int, stage_id: str, notes: str) -> None:
        """Move an item. Repeating it adds a line to its history and changes nothing else.

        A lost answer is an unknown outcome all the same: the call may still take effect, after a later one.
        """
        path = f"{_item(order_number, item_number)}/Status/{quoted(stage_id)}"
        await self._session.call("PUT", path, (("notes", notes),), changes_something=True)

    async def status_history(self, order_number: str, item_number: int) -> list[Row]:
        return await self._session.rows("GET", f"{_item(order_number, item_number)}/Status")

    async def shipping_methods(self) -> list[Row]:
        """``MethodName``, ``Carrier``, ``IsActive`` each."""
        return await self._session.rows("POST", "SubscriberShippingMethods/Search", [])

    async def shipments(self, order_number: str, item_number: int) -> list[Row]:
        return await self._session.rows("GET", f"{_item(order_number, item_number)}/Shipments")

    async def add_shipment(self, order_id: str, method: str, shipment: Row) -> None:
        """``shipment``: ShipDate, Tracking, Cost, Address, Items (seen)."""
        body = {"OrderId": order_id, "SiteShippingMethodName": method, "ShipmentInfo": shipment}
        await self._session.change("POST", "V2/Orders/Shipments", body)

    async def product_assets(self, site: str, product_id: str) -> list[Row]:
        """The brand assets of a product: ``Name``, ``Path``."""
        rows = await self._session.rows("POST", f"site/{quoted(site)}/SubscriberAssets", [])
        return [
            row for row in rows if row.get("ProductId") == product_id and row.get("AssetUsage") == "Product"
        ]


def _search(search: Row) -> tuple[str, str, Row]:
    by_number = {"Member": "OrderNumber", "Direction": "Ascending"}
    return "POST", "v2/Orders/Search", {**search, "SortDescriptor": by_number}


def _period(start: datetime, end: datetime) -> Row:
    """With a day's margin: in which zone the shop compares is not known. Orders tell of strange years, too."""
    day, earliest, latest = (
        timedelta(days=1),
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(9000, 1, 1, tzinfo=UTC),
    )
    start, end = (min(max(one, earliest), latest) for one in (start, end))
    return {"StartDate": _stamp(start - day), "EndDate": _stamp(end + day)}


NOT_DELETED = (("includeDeleted", "false"),)


def _is_of(row: Row, email: str) -> bool:
    """The filter is seen, how it compares is not: a row that shows another address is another user's."""
    shown = wire.text(row.get("Email") or row.get("Login"))
    return not shown or shown.casefold() == email.casefold()


def _item(order_number: str, item_number: int) -> str:
    return f"v2/Orders/{quoted(order_number)}/Item/{item_number}"


def _path(path: str, what: str) -> str:
    if not path:
        raise NotSupported(f"This account does not tell {what}.", fix="Enter it by hand.")
    return path


def _stamp(moment: datetime) -> str:
    """``2026-02-01 00:00:00Z``: the form that a client in production sends."""
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"
