"""What an emulator of a vendor offers: a server to talk to, and a person at work in front of it.

An emulator is a real ASGI application that plays a vendor's service. It ships with its plugin,
under the entry-point group ``makeready.emulators``, for demonstrations, tests and connector
developers. It shares no code and no constant with the connector: two independent readings of
what is known about a vendor, so that a test can fail.

A *driver* does over HTTP what people do at the vendor's screens: a buyer orders, an approver
approves, a printer moves an item to a stage. The demonstration is written against drivers only
and so works for any pair of a storefront and an MIS.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from makeready_hooks.capabilities import Role

EMULATORS = "makeready.emulators"
"""The entry-point group: each entry names an `EmulatorType`."""

_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], _Receive, _Send], Awaitable[None]]


class Switch(Struct, frozen=True, kw_only=True):
    """One behaviour that can be changed: an unknown of the vendor's, or a fault on demand."""

    name: str
    default: str
    help: str
    choices: tuple[str, ...] = ()
    """Allowed values; empty where any number or text will do."""


class EmulatedCall(Struct, frozen=True, kw_only=True):
    """One function of the vendor's that the emulator has: a row of the documentation."""

    verb: str
    path: str
    mark: str
    """How sure we are of it: ``seen``, ``inferred``, or what else the emulator's notes say."""
    about: str


class EmulatorSetup(Struct, frozen=True, kw_only=True):
    """How one emulator is started."""

    base_url: str
    """Where clients reach it, without a slash at the end: ``http://127.0.0.1:8101``."""
    seed: int = 1
    """Makes ids and faults reproducible."""
    scenario: Path | None = None
    """A TOML or JSON file with what is there at the start; None for the scenario that ships."""
    state: Path | None = None
    """A file that keeps the state over restarts; None keeps it in memory."""
    switches: Mapping[str, str] = {}


class EmulatorType(Struct, frozen=True, kw_only=True):
    """One vendor's emulator, as found by its entry point."""

    name: str
    title: str
    role: Role
    switches: tuple[Switch, ...]
    calls: tuple[EmulatedCall, ...]
    build: Callable[[EmulatorSetup], AsgiApp]
    driver: Callable[..., Any]
    """``driver(base_url)`` gives a `ShopDriver` or a `MisDriver`, by ``role``.

    ``driver(base_url, transport=…)`` takes an httpx transport, to reach an application in this process.
    """


class PostalAddress(Struct, frozen=True, kw_only=True):
    """Where a buyer wants the bill or the parcel. Country as ISO 3166 alpha-2 code."""

    first_name: str
    last_name: str
    business: str = ""
    line1: str
    line2: str | None = None
    line3: str | None = None
    city: str
    region: str
    postcode: str
    country: str
    phone: str | None = None
    fax: str | None = None
    email: str | None = None


class Upload(Struct, frozen=True, kw_only=True):
    """A file that the buyer gives with an item: content, or an address where it already lies."""

    file_name: str
    content: bytes = b""
    url: str = ""
    kind: str = ""
    """What it is for, as the shop calls it; empty for artwork."""


class BuyerItem(Struct, frozen=True, kw_only=True):
    part_number: str
    """The printer's part number of the product, ``117-2284``."""
    quantity: int
    uploads: tuple[Upload, ...] = ()
    parts: Mapping[str, int] = {}
    """Of a kit: how many of each part in one kit, by part number. What is not named is as the kit has it."""
    options: Mapping[str, str] = {}
    """Of a product with options: the value chosen, by the option's id. Empty: what the page has selected."""
    ship_to: PostalAddress | None = None
    """Where it goes, if that is not where the order goes."""
    shipping_method: str = ""
    """The shop's name of it; empty for the shop's first."""


class BuyerOrder(Struct, frozen=True, kw_only=True):
    """An order as a buyer places it. The shop prices it (through its pricing engine) and ships it."""

    site: str
    """Domain of the storefront."""
    buyer_email: str
    """Sign-in name of a user of the site, from the emulator's scenario."""
    bill_to: PostalAddress
    ship_to: PostalAddress
    items: tuple[BuyerItem, ...]
    shipping: Decimal
    """Price of shipping for the whole order, net."""
    po_number: str = ""
    requested_ship_date: str | None = None
    """``YYYY-MM-DD``."""
    needs_approval: bool = True
    order_number: int | None = None
    """To replay a known order, or to give a number twice: the number that the shop gives."""
    order_date: str | None = None
    """Only to replay a known order: ISO 8601 without a zone."""


class PlacedOrder(Struct, frozen=True, kw_only=True):
    id: str = ""
    """The shop's own, where a number may not be enough."""
    order_number: int
    items: tuple[int, ...]
    """Item numbers, from 1."""
    quantities: tuple[int, ...] = ()
    """Of the items."""
    total: Decimal


class ShopPrice(Struct, frozen=True, kw_only=True):
    """What the product page shows a buyer."""

    total: Decimal
    """For the whole quantity, mark-up included. 0 if there is an error."""
    weight: Decimal
    error: str = ""


class ShopDriver(Protocol):
    """People at a storefront: its buyers, approvers and administrators."""

    async def connector_settings(self) -> Mapping[str, Any]:
        """Settings with which the plugin's connector can sign in to this emulator."""

    async def sites(self) -> tuple[str, ...]:
        """Domains of the storefronts."""

    async def transfer_stage(self) -> tuple[str, str]:
        """Names of a workflow, and of the stage in it at which orders are meant to go to the MIS."""

    async def products(self) -> list[dict[str, Any]]:
        """Every product as the shop holds it, in the shape of the vendor's details call."""

    async def ask_price(self, site: str, part_number: str, quantity: int) -> ShopPrice:
        """Look at a product page: the shop asks its pricing engine over HTTP."""

    async def place_order(self, order: BuyerOrder) -> PlacedOrder:
        """Order. Raises LookupError for an unknown product, ValueError if the shop says no."""

    async def approve(self, order_number: int, item_number: int) -> None:
        """Approve one item, as an approver does."""

    async def deny(self, order_number: int, item_number: int) -> None:
        """Deny one item, as an approver does."""

    async def move_to_stage(self, order: int | str, item_number: int, stage: str) -> None:
        """Move an item to the workflow stage of that (printer-side) name. ``order``: its number, or its id."""

    async def mis_number(self, order: int | str, item_number: int) -> str | None:
        """The MIS's number that was written on the item, if any. ``order``: its number, or its id."""

    async def replace_file(self, order: int | str, item_number: int, file_name: str, upload: Upload) -> None:
        """Put another file in the place of one of an item, as staff do in its files; LookupError if it has none so named."""

    async def stages(self, order: int | str, item_number: int) -> tuple[str, ...]:
        """The stages that an item was put to, by their printer-side names; it is at the last one."""

    async def trackings(self, order: int | str, item_number: int) -> tuple[str, ...]:
        """The tracking texts of an item's shipments, oldest first."""

    async def parcels(self, order: int | str, item_number: int) -> tuple[tuple[str, int], ...]:
        """The tracking text of each of an item's shipments, with how many of it are in it: 0 for all."""

    async def stock_levels(self) -> Mapping[str, int]:
        """Levels of the shop's stock items, by their names."""

    async def set_stock_level(self, name: str, level: int) -> None:
        """Type another level of a stock item, as an administrator does."""

    async def announce(self, order_numbers: Sequence[int]) -> None:
        """Send genuine webhooks of orders that no call shows: as of a site that the API user may not see."""

    async def set_switches(self, switches: Mapping[str, str]) -> None:
        """Raises ValueError for a switch or a value that there is not. What a rate is at most: 1."""

    async def set_page_size(self, rows: int) -> None:
        """From now on lists come in pages of so many rows at most, whatever a client asks for. Raises ValueError if this
        vendor gives all at once.
        """

    async def kept(self) -> object:
        """All that the vendor keeps, in any shape: equal to what was told before exactly if no call had an effect between.
        Sign-ins and counters of calls are not in it.
        """

    async def deliveries(self) -> list[dict[str, Any]]:
        """Webhook deliveries so far: at least ``event``, ``order_number``, ``status`` (or None)."""

    async def calls(self) -> Mapping[str, int]:
        """How often each call of the vendor's API was asked for so far, by method and path without ids."""

    async def aclose(self) -> None: ...


class MisDriver(Protocol):
    """People at an MIS: estimators, order clerks, the production office."""

    async def connector_settings(self) -> Mapping[str, Any]:
        """Settings with which the plugin's connector can sign in to this emulator."""

    async def orders_received(self) -> list[bytes]:
        """The bodies of all order submissions, as they came in, oldest first."""

    async def orders(self) -> list[dict[str, Any]]:
        """The orders that exist, as a clerk reads them on the screen. Of each, as texts unless said otherwise:

        - ``id``, ``number``, ``reference`` (our key), ``customer`` (as the MIS names it), ``required_on`` (``YYYY-MM-DD``),
          ``currency``, ``po_number``, ``note``, ``shipping`` (net), ``bill_to``, as of a line's ``ship_to``;
        - ``lines``: a list with ``product_id``, ``quantity`` (a number), ``description``, ``net``, ``tax``, ``required_on``,
          ``notes``, ``ship_to`` (``name``, ``line1``, ``city``, ``postcode``, ``country``);
        - ``files``: ``line`` (its place from 1, a number; None: of the whole order), ``name``, ``url``, ``bytes`` (a
          number), ``sha256`` of those that were given as bytes. None if this MIS takes none.

        They are read from what arrived, never from what a connector says. What the MIS has no place for is left out, and
        named in ``no_place_for`` of the contract's tests.
        """

    async def kept(self) -> object:
        """As a shop's."""

    async def demo_products(self) -> tuple[str, ...]:
        """Ids of three products, each with a price, that a demonstration sells; tests order the first."""

    async def add_product(self, product_id: str, price: Decimal) -> None:
        """A product of stock, for sale. Raises ValueError for an id that none can have in this MIS."""

    async def set_price(self, product_id: str, price: Decimal) -> None:
        """Change the unit price of a product."""

    async def set_price_list(
        self, product_id: str, breaks: Mapping[int, Decimal], customer: str = ""
    ) -> None:
        """Unit prices by the quantity from which they hold, for everybody or for one customer. Raises ValueError if this MIS
        has no such thing.
        """

    async def set_stock(self, product_id: str, on_hand: Decimal, allocated: Decimal | None = None) -> None:
        """Change what is on the shelf, and what of it is promised to others (None: as it is). An MIS that keeps no stock
        does nothing. Raises ValueError if this MIS does not tell what is promised, and some is.
        """

    async def set_switches(self, switches: Mapping[str, str]) -> None:
        """As a shop's."""

    async def set_page_size(self, rows: int) -> None:
        """As a shop's."""

    async def move_order(self, order: str, status: str, *, carrier: str = "", tracking: str = "") -> None:
        """Set the status of an order, by id or number; with a tracking number, a parcel leaves."""

    async def aclose(self) -> None: ...
