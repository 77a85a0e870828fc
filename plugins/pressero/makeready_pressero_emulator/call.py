"""One request as a handler sees it, with the shop behind it."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from msgspec import Struct

from makeready_pressero_emulator.state.journal import Entry
from makeready_pressero_emulator.state.records import Order, OrderItem, Product, Shop, Site
from makeready_pressero_emulator.wire import members
from makeready_pressero_emulator.wire.answers import ApiError, Page, page_of
from makeready_pressero_emulator.world import World

T = TypeVar("T")


class Call(Struct, frozen=True, kw_only=True):
    world: World
    params: Mapping[str, str]
    query: Mapping[str, str]
    """Names in lower case."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    entry: Entry

    @property
    def shop(self) -> Shop:
        return self.world.shop

    def json(self) -> Any:
        return members.decoded(self.body)

    def body_as(self, kind: type[T]) -> T:
        return members.body_as(self.body, kind)

    def page(self) -> Page:
        switches = self.world.switches
        return page_of(
            self.query,
            int(switches.number("page-size-change")),
            int(switches.number("page-cap")),
            tells_total=switches.on("page-total"),
        )

    def site(self) -> Site:
        """The site of the path, by domain or by id (both seen)."""
        return self.world.site(self.params["domain"])

    def product(self) -> Product:
        """The product of the path. Raises ApiError 404 also for one of another site."""
        product = self.shop.products.get(self.params["product"].lower())
        if product is None or product.site_id != self.site().site_id:
            raise ApiError(404, "The product was not found.")
        return product

    def order(self) -> Order:
        return self.world.order(self.params["n"])

    def item(self) -> tuple[Order, OrderItem]:
        order = self.order()
        for item in order.items:
            if str(item.number) == self.params["i"]:
                return order, item
        raise ApiError(404, f"Order {order.number} has no item {self.params['i']}.")

    def effect(self, name: str, /, **facts: Any) -> None:
        """Note a change in the journal."""
        self.world.changed(self.entry, name, **facts)


def query_of(raw: bytes) -> dict[str, str]:
    return {name.lower(): value for name, value in parse_qsl(raw.decode("latin-1"), keep_blank_values=True)}
