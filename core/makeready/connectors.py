"""A subscriber's connectors behind one typed facade.

One pluggy manager per subscriber: a hook call reaches that subscriber's connectors and no others.
Questions take the first answer; announcements reach each connector on its own, so that the failure
of one never silences another.
"""

import inspect
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

import pluggy
import structlog
from makeready_hooks import Capability, ConnectorType, ListKind, Role, new_manager
from makeready_hooks.errors import MakereadyError, NotSupported
from makeready_hooks.model.event import Receipt
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.names import OrderNames, ProductNames
from makeready_hooks.model.order import (
    AcceptedOrder,
    Artwork,
    Buyer,
    FindResult,
    Order,
    OrderLine,
    OrderRef,
    OrderRequest,
    PreparedOrder,
)
from makeready_hooks.model.price import (
    NoPrice,
    OptionsQuestion,
    PriceOption,
    PriceQuery,
    PriceQuestion,
    Quote,
)
from makeready_hooks.model.product import (
    ImportFile,
    MisProduct,
    ProductBinding,
    ProductDraft,
    ProductPage,
    ProductSearch,
    ShopProduct,
    ShopStock,
    Site,
    SiteChoices,
    StockLevel,
    Unfinished,
)
from makeready_hooks.model.progress import OrderProgress, Shipment, Stage
from makeready_hooks.model.setup import Check, Installed, Learned, ListedName

log = structlog.get_logger("makeready.connectors")


class Connectors:
    """The hooks of one subscriber's connectors, typed and awaited."""

    def __init__(self, kinds: Mapping[str, ConnectorType], objects: Mapping[str, object]) -> None:
        self._kinds = kinds
        self._manager = new_manager()
        for name, connector in objects.items():
            self._manager.register(connector, name)
        self._manager.check_pending()
        self._alone: dict[tuple[str, str], pluggy.HookCaller] = {}

    def names(self, role: Role) -> tuple[str, ...]:
        """The connectors of this role, in the order of their names."""
        return tuple(name for name, kind in self._kinds.items() if kind.role is role)

    def capabilities(self, name: str) -> frozenset[Capability]:
        found: list[frozenset[Capability]] = self._only(name, "capabilities")()
        return found[0] if found else frozenset()

    # Pricing

    def read_price_call(self, name: str, call: IncomingCall) -> PriceQuestion | OptionsQuestion | CallAnswer:
        question: PriceQuestion | OptionsQuestion | CallAnswer = _first(
            self._only(name, "read_price_call")(call=call), "read_price_call"
        )
        return question

    def write_price_answer(self, name: str, question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer:
        answers = self._only(name, "write_price_answer")(question=question, answer=answer)
        written: CallAnswer = _first(answers, "write_price_answer")
        return written

    def write_options_answer(
        self, name: str, question: OptionsQuestion, options: tuple[PriceOption, ...] | NoPrice
    ) -> CallAnswer:
        answers = self._only(name, "write_options_answer")(question=question, options=options)
        written: CallAnswer = _first(answers, "write_options_answer")
        return written

    def price_customer(self, site: str, buyer: Buyer) -> str:
        """Whose prices hold; "" for everybody's, or where no connector knows customers."""
        codes: list[str] = self._manager.hook.price_customer(site=site, buyer=buyer)
        return codes[0] if codes else ""

    async def quote_price(self, query: PriceQuery) -> Quote | None:
        quote: Quote | None = await self._ask("quote_price", query=query)
        return quote

    async def list_price_options(self, product_id: str) -> tuple[PriceOption, ...]:
        options: tuple[PriceOption, ...] | None = await self._ask("list_price_options", product_id=product_id)
        return options or ()

    def adjust_quote(self, quote: Quote, query: PriceQuery) -> Quote:
        """Let each plugin change the quote that the one before left."""
        for name, _ in self._manager.list_name_plugin():
            [*changed] = self._only(name, "adjust_quote")(quote=quote, query=query)
            quote = changed[0] if changed else quote
        return quote

    # Import

    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        page: ProductPage = await self._require("search_mis_products", search=search)
        return page

    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        products: tuple[MisProduct, ...] = await self._require("read_mis_products", product_ids=product_ids)
        return products

    async def list_sites(self) -> tuple[Site, ...]:
        sites: tuple[Site, ...] = await self._require("list_sites")
        return sites

    async def read_site_choices(self, site: str) -> SiteChoices:
        choices: SiteChoices = await self._require("read_site_choices", site=site)
        return choices

    async def find_shop_product(self, site: str, url_name: str) -> ShopProduct | None:
        product: ShopProduct | None = await self._ask("find_shop_product", site=site, url_name=url_name)
        return product

    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        products: tuple[ShopProduct, ...] = await self._require("list_shop_products", site=site)
        return products

    async def check_shop_product(self, draft: ProductDraft, shop_product_id: str) -> tuple[str, ...]:
        todo: tuple[str, ...] | None = await self._ask(
            "check_shop_product", draft=draft, shop_product_id=shop_product_id
        )
        return todo or ()

    async def read_shop_binding(self, site: str, shop_product_id: str) -> ProductBinding:
        binding: ProductBinding = await self._require(
            "read_shop_binding", site=site, shop_product_id=shop_product_id
        )
        return binding

    async def bind_shop_product(
        self, site: str, shop_product_id: str, binding: ProductBinding
    ) -> tuple[str, ...]:
        todo: tuple[str, ...] = await self._require(
            "bind_shop_product", site=site, shop_product_id=shop_product_id, binding=binding
        )
        return todo

    def write_import_file(self, products: tuple[Unfinished, ...]) -> ImportFile | None:
        written: list[ImportFile] = self._manager.hook.write_import_file(products=products)
        return written[0] if written else None

    async def create_shop_product(self, draft: ProductDraft) -> ShopProduct:
        product: ShopProduct = await self._require("create_shop_product", draft=draft)
        return product

    # Stock

    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        levels: tuple[StockLevel, ...] = await self._require("read_stock", product_ids=product_ids)
        return levels

    async def read_shop_stock(self, site: str, names: tuple[str, ...]) -> tuple[ShopStock, ...]:
        items: tuple[ShopStock, ...] = await self._require("read_shop_stock", site=site, names=names)
        return items

    async def adjust_shop_stock(self, site: str, stock: ShopStock, change: int) -> None:
        await self._require("adjust_shop_stock", site=site, stock=stock, change=change)

    # Orders

    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        orders: tuple[Order, ...] = await self._require("read_orders", refs=refs)
        return orders

    async def list_orders(self, start: datetime, end: datetime) -> tuple[Order, ...]:
        orders: tuple[Order, ...] = await self._require("list_orders", start=start, end=end)
        return orders

    async def complete_order(self, order: Order, lines: tuple[int, ...]) -> Order:
        completed: Order = await self._require("complete_order", order=order, lines=lines)
        return completed

    def taker(self) -> str:
        """The connector that is given new orders. Raises NotSupported if none takes any."""
        takers = [one.plugin_name for one in self._manager.hook.submit_order.get_hookimpls()]
        if not takers:
            raise _lacking("submit_order")
        return takers[-1]  # the one that pluggy calls first

    def map_order(self, name: str, request: OrderRequest) -> PreparedOrder:
        prepared: PreparedOrder = _first(self._only(name, "map_order")(request=request), "map_order")
        return prepared

    async def submit_order(self, name: str, prepared: PreparedOrder) -> AcceptedOrder:
        answers = [await answer for answer in self._only(name, "submit_order")(prepared=prepared)]
        accepted: AcceptedOrder = _first([one for one in answers if one is not None], "submit_order")
        return accepted

    async def find_submitted_order(self, name: str, prepared: PreparedOrder) -> FindResult:
        """The MIS's answer; *cannot tell* from a connector that has no way to ask."""
        answers = [await answer for answer in self._only(name, "find_submitted_order")(prepared=prepared)]
        found: list[FindResult] = [one for one in answers if one is not None]
        return found[0] if found else FindResult(certain=False)

    async def mark_line(self, order_number: str, line_number: int, accepted: AcceptedOrder) -> None:
        await self._ask("mark_line", order_number=order_number, line_number=line_number, accepted=accepted)

    async def order_accepted(self, order: Order, accepted: AcceptedOrder) -> None:
        await self._announce("order_accepted", order=order, accepted=accepted)

    # Files

    async def list_line_files(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        files: tuple[Artwork, ...] | None = await self._ask(
            "list_line_files", order_number=order_number, line_number=line_number
        )
        return files or ()

    async def attach_asset(self, accepted: AcceptedOrder, artwork: Artwork, content: bytes) -> None:
        await self._require("attach_asset", accepted=accepted, artwork=artwork, content=content)

    # Progress

    async def read_order_progress(self, accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...]:
        progress: tuple[OrderProgress, ...] = await self._require("read_order_progress", accepted=accepted)
        return progress

    async def list_line_stages(self, line: OrderLine) -> tuple[Stage, ...]:
        stages: tuple[Stage, ...] = await self._require("list_line_stages", line=line)
        return stages

    async def move_line(self, order_number: str, line_number: int, stage: Stage, note: str) -> None:
        await self._require(
            "move_line", order_number=order_number, line_number=line_number, stage=stage, note=note
        )

    async def record_shipment(self, order: Order, lines: tuple[int, ...], shipment: Shipment) -> None:
        await self._require("record_shipment", order=order, lines=lines, shipment=shipment)

    # Webhooks and set-up

    def read_webhook(self, name: str, call: IncomingCall) -> Receipt:
        receipt: Receipt = _first(self._only(name, "read_webhook")(call=call), "read_webhook")
        return receipt

    async def check_connection(self, name: str) -> tuple[Check, ...]:
        checks: list[tuple[Check, ...]] = [await found for found in self._only(name, "check_connection")()]
        return tuple(check for group in checks for check in group)

    async def probe(self, prepared: PreparedOrder, absent: PreparedOrder) -> tuple[Learned, ...]:
        learned: tuple[Learned, ...] = await self._require("probe", prepared=prepared, absent=absent)
        return learned

    def storefront_snippet(self, name: str, site: str) -> str:
        """The HTML for the head of a site's pages; "" from a connector that has none."""
        found: list[str] = self._only(name, "storefront_snippet")(site=site)
        return found[0] if found else ""

    async def list_names(self, kind: ListKind) -> tuple[ListedName, ...]:
        names: tuple[ListedName, ...] = await self._require("list_names", kind=kind)
        return names

    def product_address(self, name: str, product: ProductNames) -> str:
        """Where this connector's vendor shows it to people; "" if no address is known."""
        found: list[str] = self._only(name, "product_address")(product=product)
        return _for_a_browser(found)

    def order_address(self, name: str, order: OrderNames) -> str:
        """As above."""
        found: list[str] = self._only(name, "order_address")(order=order)
        return _for_a_browser(found)

    async def install(self, name: str) -> tuple[Installed, ...]:
        made: list[tuple[Installed, ...]] = [await found for found in self._only(name, "install")()]
        return tuple(one for group in made for one in group)

    async def look_for_installed(self, name: str) -> tuple[Installed, ...] | None:
        """None if the connector does not look."""
        found = [await waiting for waiting in self._only(name, "look_for_installed")()]
        return found[0] if found else None

    # How hooks are called

    def _only(self, name: str, hook: str) -> pluggy.HookCaller:
        """The hook of one connector alone. Made once: no connector comes or goes later."""
        caller = self._alone.get((name, hook))
        if caller is None:
            others = [plugin for other, plugin in self._manager.list_name_plugin() if other != name]
            caller = self._alone[name, hook] = self._manager.subset_hook_caller(hook, others)
        return caller

    async def _ask(self, hook: str, **arguments: Any) -> Any:
        """The first answer that is not None. Connectors that are not needed are not asked."""
        caller: Callable[..., list[Coroutine[Any, Any, Any]]] = getattr(self._manager.hook, hook)
        waiting = caller(**arguments)
        try:
            while waiting:
                if (answer := await waiting.pop(0)) is not None:
                    return answer
            return None
        finally:
            for unasked in waiting:
                unasked.close()

    async def _require(self, hook: str, **arguments: Any) -> Any:
        answer = await self._ask(hook, **arguments)
        if answer is None:
            raise _lacking(hook)
        return answer

    async def _announce(self, hook: str, **arguments: Any) -> None:
        for name, _ in self._manager.list_name_plugin():
            for result in self._only(name, hook)(**arguments):
                try:
                    if inspect.isawaitable(result):
                        await result
                except MakereadyError as exc:
                    log.warning("announcement failed", hook=hook, connector=name, error=str(exc))


def _first(answers: list[Any], hook: str) -> Any:
    if not answers:
        raise _lacking(hook)
    return answers[0]


def _for_a_browser(addresses: list[str]) -> str:
    """What is no address of the web, such as a script, is never shown as a link."""
    found = addresses[0] if addresses else ""
    return found if found.startswith(("https://", "http://")) else ""


def _lacking(hook: str) -> NotSupported:
    return NotSupported(
        f"None of this subscriber's connectors can do this ({hook}).",
        fix="Add a connector that can, or leave it out.",
    )
