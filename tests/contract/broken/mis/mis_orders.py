"""An MIS connector whose orders arrive otherwise than the shop gave them."""

import html
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.submission import OrderRequest, PreparedOrder, ResolvedId

LINES = "test_every_line_arrives_with_its_product_and_its_quantity"
MONEY = "test_the_money_of_each_line_arrives_to_the_cent"
PLACES = "test_each_line_goes_where_the_buyer_wants_it_and_the_bill_to_who_pays"
TEXTS = "test_texts_arrive_as_they_are_whatever_is_in_them"
DUE = "test_each_line_is_due_when_the_buyer_wants_it"
FILES = "test_files_that_go_with_an_order_arrive_at_their_lines"
HEAD = "test_the_head_of_an_order_arrives"
OWN = "test_each_buyer_s_order_is_that_buyer_s"


def payload_with(change: Callable[[dict[str, Any]], Any]) -> Any:
    """Hooks whose order is changed before it leaves; what they say of it stays."""

    class Changed(Platen):
        @hookimpl
        def map_order(self, request: OrderRequest) -> PreparedOrder:
            prepared = super().map_order(request)
            content = msgspec.json.decode(prepared.payload)
            change(content)
            return replace(prepared, payload=msgspec.json.encode(content))

    return Changed


def lines_with(member: str, change: Callable[[Any], Any]) -> Any:
    def all_lines(content: dict[str, Any]) -> None:
        for line in content["lines"]:
            line[member] = change(line[member])

    return payload_with(all_lines)


def head_with(member: str, value: Any) -> Any:
    return payload_with(lambda content: content.update({member: value}))


@broken("the quantity of each line arrives", LINES)
class QuantityIsAlwaysOne(lines_with("quantity", lambda quantity: 1)):
    pass


@broken("what it says of an order is what arrives", "test_what_it_says_that_it_sends_is_what_arrives")
class SaysAnotherQuantity(lines_with("quantity", lambda quantity: quantity + 1)):
    pass


@broken("each line is of its product", LINES)
class EveryLineIsOfTheFirstProduct(
    payload_with(lambda content: [one.update(item=content["lines"][0]["item"]) for one in content["lines"]])
):
    pass


@broken("lines arrive in their order", LINES)
class LinesAreTurnedRound(payload_with(lambda content: content["lines"].reverse())):
    pass


@broken("an order of many lines arrives whole", "test_an_order_of_many_lines_arrives_whole")
class FiftyLinesAreEnough(payload_with(lambda content: content.update(lines=content["lines"][:50]))):
    pass


@broken("the net price of each line arrives", MONEY)
class NetIsLeftOut(lines_with("amount", lambda amount: "0")):
    pass


@broken("money arrives to the cent", MONEY)
class RoundsDown(lines_with("amount", lambda amount: str(int(Decimal(amount))))):
    pass


@broken("money is no float", MONEY)
class FloatMoney(lines_with("amount", lambda amount: repr(float(amount) * 1.1 / 1.1 + 1e-12))):
    pass


@broken("a line that costs nothing stays one", "test_a_line_that_costs_nothing_arrives_so")
class NothingCostsACent(lines_with("amount", lambda amount: amount if Decimal(amount) else "0.01")):
    pass


@broken("a line is called as in the shop", TEXTS)
class TextsAreCut(lines_with("text", lambda text: text[:10])):
    pass


@broken("a text is not escaped for the web", TEXTS)
class TextsAreEscaped(lines_with("text", lambda text: html.escape(text)[:40])):
    pass


@broken("letters of all languages arrive", TEXTS)
class OnlyAscii(lines_with("text", lambda text: text.encode("ascii", "ignore").decode())):
    pass


@broken("an order is due on its first day", DUE)
class DueDateIsLeftOut(head_with("wanted_on", None)):
    pass


@broken("an order is due on its first day, not on its last", DUE)
class DueOnTheLastDay(Platen):
    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        last = max(one.required_on for one in request.order.lines if one.required_on)
        lines = tuple(replace(one, required_on=last) for one in request.order.lines)
        return super().map_order(replace(request, order=replace(request.order, lines=lines)))


@broken("the buyer's own number arrives", HEAD)
class PurchaseNumberIsLeftOut(head_with("po", "")):
    pass


@broken("the currency is that of the settings", HEAD)
class CurrencyIsIgnored(head_with("currency", "USD")):
    pass


@broken("a note is never left behind without a word", "test_a_note_arrives_or_is_refused")
class NoteIsLeftOut(head_with("note", "")):
    pass


@broken("a line goes where its buyer wants it", PLACES)
class BillToForShipTo(Platen):
    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        lines = tuple(replace(one, ship_to=request.order.bill_to) for one in request.order.lines)
        return super().map_order(replace(request, order=replace(request.order, lines=lines)))


@broken("each line has an address of its own", PLACES, "test_the_address_of_every_line_arrives")
class FirstAddressForAll(Platen):
    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        first = request.order.lines[0].ship_to if request.order.lines else None
        lines = tuple(replace(one, ship_to=first) for one in request.order.lines)
        return super().map_order(replace(request, order=replace(request.order, lines=lines)))


@broken("who receives a line is told", PLACES)
class AddressesWithoutNames(
    payload_with(lambda content: [one["to"].update(name="Goods in") for one in content["consignments"]])
):
    pass


@broken(
    "carrier and service of a line arrive",
    "test_every_carrier_and_service_that_can_be_set_arrives_with_its_line",
)
class CarrierIsLeftOut(
    payload_with(lambda content: [one.update(carrier=None, service=None) for one in content["consignments"]])
):
    pass


@broken("files go with their order", FILES, "test_files_that_go_with_an_order_are_in_it_by_their_addresses")
class FilesAreLeftOut(lines_with("files", lambda files: [])):
    pass


@broken("a file goes with its own line", FILES)
class FilesAreAtTheFirstLine(
    payload_with(
        lambda content: [
            content["lines"][0]["files"].extend(one.pop("files")) or one.update(files=[])
            for one in content["lines"][1:]
        ]
    )
):
    pass


@broken("an order is found by its key", "test_an_order_that_is_taken_has_an_id")
class KeyIsCut(payload_with(lambda content: content.update(our_ref=content["our_ref"].partition("-")[0]))):
    pass


@broken("the same request gives the same bytes", "test_mapping_calls_nobody_and_gives_the_same_bytes_twice")
class MappingCounts(Platen):
    counted: ClassVar[Any] = itertools.count()

    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        return super().map_order(replace(request, note=f"{request.note} {next(self.counted)}"))


@broken("an order without lines is refused", "test_an_order_without_lines_is_refused")
class EmptyOrdersAreSent(Platen):
    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        if not request.order.lines:
            return PreparedOrder(key=request.key, payload=b"{}")
        return super().map_order(request)


@broken("one order is not another's", "test_two_orders_under_two_keys_are_two_and_each_is_its_own")
class RemembersTheFirstOrder(Platen):
    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        if not hasattr(self, "kept"):
            self.kept = super().map_order(request)
        return replace(self.kept, key=request.key)


@broken(
    "the customer that a person has said is the order's",
    "test_the_customer_that_a_person_has_said_is_the_order_s",
)
class HeedsItsOwnRuleAlone(Platen):
    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        return await super().resolve_ids(replace(request, customer=""), may_make)


@broken("a customer is made once", "test_the_mis_s_own_ids_are_made_once_and_found_again")
class CustomerIsMadeEachTime(Platen):
    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        if not may_make:
            return ()
        email = request.order.buyer.email or "nobody@kit.example"
        made = await self._client.change("POST", "customers", {"email": email, "name": "A customer"})
        return (ResolvedId(kind="customer", id=made.checked("ref")["ref"], text="made"),)


@broken("nothing is made for a look", "test_the_mis_s_own_ids_are_made_once_and_found_again")
class CustomerIsMadeForALook(Platen):
    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        return await super().resolve_ids(request, True)


@broken("each buyer's order is that buyer's", OWN)
class EverybodyIsTheFirstCustomer(Platen):
    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        if not hasattr(self, "kept"):
            self.kept = await super().resolve_ids(request, may_make)
        return self.kept


@broken("what its limits let through is taken", "test_what_its_limits_let_through_is_taken")
class LimitsAreTooWide(Platen):
    @hookimpl
    def list_limits(self) -> tuple[Limit, ...]:
        return tuple(replace(one, longest=400) for one in super().list_limits())


@broken("ids are as they are", "test_an_id_that_is_any_text_comes_back_the_same")
class IdsAreMadeSmall(Platen):
    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        return super().map_order(replace(request, product_ids=tuple(map(str.lower, request.product_ids))))
