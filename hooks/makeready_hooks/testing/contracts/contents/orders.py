"""The contract of an order's contents: what the shop gave is what arrives at the MIS, by a look at the MIS."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Address, Buyer, FileWay, Order, OrderLine, Party
from makeready_hooks.model.submission import AcceptedOrder, OrderRequest
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.files import a_file
from makeready_hooks.testing.contracts.line.mis import MisLineContract
from makeready_hooks.testing.orders import an_order, an_order_line

PLACES = (("Mill Lane 2", "Leeds", "LS1 4AP"), ("Unit 9", "Hull", "HU1 1AA"), ("Quay 12", "York", "YO1 9RL"))
NAMES = ("Quill", "Ink", "Vellum")
QUANTITIES = (1, 7, 250)
NETS = (Decimal("0.10"), Decimal("19.99"), Decimal("1234.56"))
TAXES = (Decimal("0.02"), Decimal("4.00"), Decimal("246.91"))
SHIPPINGS = (Decimal("7.50"), Decimal("0.35"), Decimal(0))
DAYS = (date(2026, 3, 11), date(2026, 3, 9), date(2026, 4, 30))
TEXTS = ("Opening kit", 'Caf\u00e9 \u4e2d <b>&amp; "A"', "Card 'plain' \\ 100%")
PAYER = Party(
    first_name="Petra",
    last_name="Payer",
    business="Accounts Ltd",
    email="petra@accounts.example",
    address=Address(line1="1 Ledger Row", city="Derby", postcode="DE1 2FG", country="GB"),
)
MANY = 60


def a_rich_line(number: int, **changes: Any) -> OrderLine:
    """No two of them have anything in common."""
    row = number - 1
    line1, city, postcode = PLACES[row % 3]
    address = Address(line1=line1, city=city, postcode=postcode, country="GB")
    given: dict[str, Any] = {
        "quantity": QUANTITIES[row % 3],
        "net": NETS[row % 3],
        "tax": TAXES[row % 3],
        "shipping_net": SHIPPINGS[row % 3],
        "required_on": DAYS[row % 3],
        "description": TEXTS[row % 3],
        "notes": f"Fold the {NAMES[row % 3]} way.",
        "ship_to": Party(first_name="Ada", last_name=NAMES[row % 3], address=address),
    }
    return an_order_line(number, **{**given, **changes})


def a_rich_order(*lines: OrderLine, **changes: Any) -> Order:
    given: dict[str, Any] = {"bill_to": PAYER, "po_number": "PO 4711-B"}
    return an_order(*(lines or [a_rich_line(number) for number in (1, 2, 3)]), **{**given, **changes})


OPTIONAL_MEMBERS = frozenset(
    {"customer", "required_on", "currency", "po_number", "note", "shipping", "bill_to", "artwork"}
    | {f"line.{one}" for one in ("description", "net", "tax", "required_on", "notes", "ship_to")}
)
"""What an MIS may have no place for."""


class MisOrderContentsContract(MisLineContract):
    """Part of `MisContract`."""

    no_place_for: Mapping[str, str] = {}
    """Members of `MisDriver.orders`, those of lines as ``line.tax``, for which the MIS has no place: with the reason. One of
    `OPTIONAL_MEMBERS`."""

    def test_what_has_no_place_is_a_member_that_is_looked_for(self) -> None:
        """A name that nothing asks for would leave out nothing."""
        unknown = set(self.no_place_for) - OPTIONAL_MEMBERS
        assert not unknown, (
            f"no_place_for names {sorted(unknown)}; it can name {', '.join(sorted(OPTIONAL_MEMBERS))}"
        )

    async def rich(
        self, vendor: Vendor, hook: Any, order: Order | None = None, **request: Any
    ) -> OrderRequest:
        """Of three products."""
        products = await vendor.driver.demo_products()
        order = order or a_rich_order()
        ids = tuple(products[row % 3] for row in range(len(order.lines)))
        given = {"key": "7101-9", "order": order, "product_ids": ids, **request}
        return await self.resolved(hook, OrderRequest(**given))

    async def sent_off(self, hook: Any, request: OrderRequest) -> AcceptedOrder:
        [submitting] = hook.submit_order(prepared=hook.map_order(request=request))
        accepted: AcceptedOrder = await submitting
        return accepted

    async def arrives(self, vendor: Vendor, hook: Any, request: OrderRequest) -> dict[str, Any]:
        """The order as the MIS has it."""
        await self.sent_off(hook, request)
        found = [one for one in await vendor.driver.orders() if one["reference"] == request.key]
        assert len(found) == 1, f"{len(found)} orders arrived under the key {request.key}"
        return dict(found[0])

    def member(self, order: Mapping[str, Any], name: str) -> Any:
        """Skips if the MIS has no place for it."""
        if name in self.no_place_for:
            pytest.skip(self.no_place_for[name])
        assert name in order, (
            f"The driver does not tell {name} of an order, and no_place_for does not say why."
        )
        return order[name]

    def of_lines(self, order: Mapping[str, Any], name: str) -> list[Any]:
        if f"line.{name}" in self.no_place_for:
            pytest.skip(self.no_place_for[f"line.{name}"])
        missing = f"The driver does not tell {name} of a line, and no_place_for does not say why."
        assert all(name in line for line in order["lines"]), missing
        return [line[name] for line in order["lines"]]

    async def test_every_line_arrives_with_its_product_and_its_quantity(
        self, vendor: Vendor, hook: Any
    ) -> None:
        request = await self.rich(vendor, hook)
        order = await self.arrives(vendor, hook, request)
        told = list(zip(self.of_lines(order, "product_id"), self.of_lines(order, "quantity"), strict=True))
        wanted = list(zip(request.product_ids, QUANTITIES, strict=True))
        assert told == wanted, f"lines (product, quantity) were {wanted}, and {told} arrived"

    async def test_an_order_of_many_lines_arrives_whole(self, vendor: Vendor, hook: Any) -> None:
        lines = [a_rich_line(number, quantity=number) for number in range(1, MANY + 1)]
        order = await self.arrives(vendor, hook, await self.rich(vendor, hook, a_rich_order(*lines)))
        told = self.of_lines(order, "quantity")
        assert told == [*range(1, MANY + 1)], f"of {MANY} lines {len(told)} arrived, or in another order"

    @pytest.mark.parametrize(("name", "wanted"), [("net", NETS), ("tax", TAXES)])
    async def test_the_money_of_each_line_arrives_to_the_cent(
        self, vendor: Vendor, hook: Any, name: str, wanted: tuple[Decimal, ...]
    ) -> None:
        told = self.of_lines(await self.arrives(vendor, hook, await self.rich(vendor, hook)), name)
        found = [Decimal(str(one)) for one in told]
        assert found == list(wanted), f"{name} of the lines was {wanted}, and {told} arrived"

    async def test_what_shipping_costs_arrives(self, vendor: Vendor, hook: Any) -> None:
        told = self.member(await self.arrives(vendor, hook, await self.rich(vendor, hook)), "shipping")
        assert Decimal(told) == sum(SHIPPINGS), f"shipping was {sum(SHIPPINGS)}, and {told} arrived"

    async def test_a_line_that_costs_nothing_arrives_so(self, vendor: Vendor, hook: Any) -> None:
        order = a_rich_order(a_rich_line(1), a_rich_line(2, net=Decimal(0), tax=Decimal(0)))
        told = self.of_lines(await self.arrives(vendor, hook, await self.rich(vendor, hook, order)), "net")
        assert Decimal(told[1]) == 0, f"a line that costs nothing arrived with {told[1]}"

    async def test_each_line_goes_where_the_buyer_wants_it_and_the_bill_to_who_pays(
        self, vendor: Vendor, hook: Any
    ) -> None:
        order = await self.arrives(vendor, hook, await self.rich(vendor, hook))
        told = self.of_lines(order, "ship_to")
        found = [(one["line1"], one["city"], one["postcode"]) for one in told]
        assert found == list(PLACES), f"lines go to {PLACES}, and {found} arrived"
        for name, one in zip(NAMES, told, strict=True):
            assert name in one["name"], f"a line goes to {name}, and to {one['name']} arrived"
        payer = self.member(order, "bill_to")
        assert payer["line1"] == PAYER.address.line1, (
            f"the bill goes to {PAYER.address.line1}, not to {payer}"
        )

    async def test_each_line_is_due_when_the_buyer_wants_it(self, vendor: Vendor, hook: Any) -> None:
        order = await self.arrives(vendor, hook, await self.rich(vendor, hook))
        due = self.member(order, "required_on")
        assert due == min(DAYS).isoformat(), f"the first day was {min(DAYS)}, and {due} arrived"
        told = self.of_lines(order, "required_on")
        assert told == [day.isoformat() for day in DAYS], f"lines are due on {DAYS}, and {told} arrived"

    async def test_texts_arrive_as_they_are_whatever_is_in_them(self, vendor: Vendor, hook: Any) -> None:
        told = self.of_lines(await self.arrives(vendor, hook, await self.rich(vendor, hook)), "description")
        assert told == list(TEXTS), f"lines are called {TEXTS}, and {told} arrived"

    async def test_what_the_buyer_wrote_to_a_line_arrives(self, vendor: Vendor, hook: Any) -> None:
        told = self.of_lines(await self.arrives(vendor, hook, await self.rich(vendor, hook)), "notes")
        assert all(name in note for name, note in zip(NAMES, told, strict=True)), f"of notes arrived {told}"

    @pytest.mark.parametrize("name", ["po_number", "currency"])
    async def test_the_head_of_an_order_arrives(self, vendor: Vendor, hook: Any, name: str) -> None:
        wanted = {"po_number": "PO 4711-B", "currency": hook.currency(site="")}[name]
        told = self.member(await self.arrives(vendor, hook, await self.rich(vendor, hook)), name)
        assert told == wanted, f"{name} was {wanted}, and {told} arrived"

    async def test_a_note_arrives_or_is_refused(self, vendor: Vendor, hook: Any) -> None:
        """It is never left behind without a word."""
        request = await self.rich(vendor, hook, note="Ring twice.")
        try:
            order = await self.arrives(vendor, hook, request)
        except Refused:
            return
        assert "Ring twice." in str(order.get("note")), f"the note is not in {order}"

    async def test_each_buyer_s_order_is_that_buyer_s(self, vendor: Vendor, hook: Any) -> None:
        told = []
        for number, name in enumerate(NAMES):
            email = f"{name.lower()}@kit.example"
            buyer = Buyer(id=f"buyer-{name}", email=email, external_id=f"EXT-{name}")
            order = a_rich_order(buyer=buyer, bill_to=structs.replace(PAYER, last_name=name, email=email))
            request = await self.rich(vendor, hook, order, key=f"7101-{number}")
            told.append(self.member(await self.arrives(vendor, hook, request), "customer"))
        assert len(set(told)) == len(NAMES), f"orders of {len(NAMES)} buyers arrived for {told}"
        again = await self.rich(vendor, hook, order, key="7101-8")
        assert self.member(await self.arrives(vendor, hook, again), "customer") == told[-1], (
            "one buyer is two customers"
        )

    async def test_the_customer_that_a_person_has_said_is_the_order_s(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """Before any rule: a rejected order is corrected so."""
        told: list[Any] = []
        for number, name in enumerate(NAMES[:2]):
            email = f"{name.lower()}@kit.example"
            buyer = Buyer(id=f"buyer-{name}", email=email, external_id=f"EXT-{name}")
            order = a_rich_order(buyer=buyer, bill_to=structs.replace(PAYER, last_name=name, email=email))
            said = told[0] if told else ""
            request = await self.rich(vendor, hook, order, key=f"7101-{number}", customer=said)
            told.append(self.member(await self.arrives(vendor, hook, request), "customer"))
        assert told[1] == told[0], f"the order was to be {told[0]}'s, and arrived as {told[1]}'s"

    async def test_two_orders_under_two_keys_are_two_and_each_is_its_own(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """In whatever turn they were mapped."""
        requests = [
            await self.rich(vendor, hook, a_rich_order(a_rich_line(n)), key=f"7101-{n}") for n in (1, 2, 3)
        ]
        prepared = [hook.map_order(request=one) for one in requests]
        assert [hook.map_order(request=one) for one in requests] == prepared, (
            "the same request gives other bytes"
        )
        for one in reversed(prepared):
            [submitting] = hook.submit_order(prepared=one)
            await submitting
        told = {one["reference"]: one["lines"][0]["quantity"] for one in await vendor.driver.orders()}
        assert told == {f"7101-{n}": QUANTITIES[n - 1] for n in (1, 2, 3)}, (
            f"by their keys the orders have {told}"
        )

    async def test_files_that_go_with_an_order_arrive_at_their_lines(self, vendor: Vendor, hook: Any) -> None:
        roles = [
            (role, way) for way in (FileWay.ADDRESS, FileWay.LASTING_ADDRESS) for role in self.by(hook, way)
        ]
        if not roles:
            pytest.skip("no file goes with an order: list_taken_files")
        lines, wanted = [], []
        for number in (1, 2, 3):
            role, way = roles[number % len(roles)]
            file = structs.replace(a_file(b"%d" % number, role, name=f"f{number}.pdf"), way=way)
            lines.append(a_rich_line(number, files=(file,)))
            wanted.append((number, file.url))
        order = await self.arrives(vendor, hook, await self.rich(vendor, hook, a_rich_order(*lines)))
        told = sorted((one["line"], one["url"]) for one in order["files"])
        assert told == wanted, f"files (line, address) are {wanted}, and {told} arrived"

    async def test_what_it_says_that_it_sends_is_what_arrives(self, vendor: Vendor, hook: Any) -> None:
        """An order of somebody else's under our key is told from ours by it."""
        request = await self.rich(vendor, hook)
        contents = hook.map_order(request=request).contents
        order = await self.arrives(vendor, hook, request)
        lines = [(one.product_id, one.quantity) for one in contents.lines or ()]
        arrived = list(zip(self.of_lines(order, "product_id"), self.of_lines(order, "quantity"), strict=True))
        assert contents.lines is None or lines == arrived, f"it says {lines}, and {arrived} arrived"
        assert contents.required_on in (None, min(DAYS)), f"it says {contents.required_on}"
        assert contents.total in (None, sum(NETS)), f"it says that the lines come to {contents.total}"
