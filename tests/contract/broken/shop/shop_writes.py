"""A storefront connector that writes something else into the shop than it was told, or takes what is not genuine."""

import hashlib
from decimal import ROUND_DOWN, Decimal
from typing import Any

from broken import Pressero, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import CallRejected, MakereadyError
from makeready_hooks.model.event import WebhookEvent
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.order import Order
from makeready_hooks.model.price import NoPrice, PriceQuestion, Quote
from makeready_hooks.model.product import ShopStock
from makeready_hooks.model.progress import Shipment, Stage
from makeready_hooks.model.submission import AcceptedOrder

MARK = "test_a_mark_is_on_its_line_alone_and_is_read_there"
PARCELS = "test_parcels_are_on_their_lines_with_their_numbers"
CENTS = "test_every_price_is_shown_to_the_cent"


@broken("a mark is on its line", MARK)
class MarksTheFirstLine(Pressero):
    @hookimpl
    async def write_mis_number(self, order_number: str, line_number: int, accepted: AcceptedOrder) -> bool:
        return await super().write_mis_number(order_number, 1, accepted)


@broken("a mark is the MIS's number", MARK)
class MarksWithTheId(Pressero):
    @hookimpl
    async def write_mis_number(self, order_number: str, line_number: int, accepted: AcceptedOrder) -> bool:
        return await super().write_mis_number(
            order_number, line_number, replace(accepted, number=accepted.id)
        )


@broken(
    "only our own mark is taken off",
    "test_only_the_mark_that_we_wrote_is_taken_off_where_the_shop_can_do_that",
)
class TakesOffAnyMark(Pressero):
    @hookimpl
    async def clear_mis_number(self, order_number: str, line_number: int, number: str) -> bool:
        await self._client.set_mis_id(order_number, line_number, self._names.no_mis_id)
        return True


@broken(
    "a mark that was not written is not said to be",
    "test_whatever_is_answered_what_a_hook_says_fits_what_was_done",
)
class MarksWhateverHappens(Pressero):
    @hookimpl
    async def write_mis_number(self, order_number: str, line_number: int, accepted: AcceptedOrder) -> bool:
        try:
            return await super().write_mis_number(order_number, line_number, accepted)
        except MakereadyError:
            return True


@broken("one line is moved", "test_a_line_is_moved_and_no_other")
class MovesTheWholeOrder(Pressero):
    @hookimpl
    async def move_line_to_stage(self, order_number: str, line_number: int, stage: Stage, note: str) -> bool:
        for number in (1, 2, 3):
            await super().move_line_to_stage(order_number, number, stage, note)
        return True


@broken("a parcel is written once", PARCELS, "test_a_parcel_is_shown_on_its_items_once")
class WritesParcelsWithoutALook(Pressero):
    @hookimpl
    async def create_shipment(self, order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool:
        self._client.shipments = _none  # type: ignore[method-assign,assignment]
        return await super().create_shipment(order, lines, shipment)


async def _none(order_number: str, line_number: int) -> list[Any]:
    return []


@broken(
    "parcels are told apart by their whole numbers",
    PARCELS,
    "test_a_parcel_is_shown_where_it_was_written_and_not_elsewhere",
)
class ParcelsByTheBeginningOfTheirNumbers(Pressero):
    @hookimpl
    async def shows_shipment(self, order_number: str, line_number: int, shipment: Shipment) -> bool:
        shown = await self._client.shipments(order_number, line_number)
        return any(str(one.get("ShipTracking", "")).startswith(shipment.tracking) for one in shown)

    @hookimpl
    async def create_shipment(self, order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool:
        short = replace(shipment, tracking=shipment.tracking[:4])
        return await super().create_shipment(order, lines, short)


@broken("a parcel is on its lines", PARCELS)
class ParcelsOnEveryLine(Pressero):
    @hookimpl
    async def create_shipment(self, order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool:
        return await super().create_shipment(order, tuple(one.number for one in order.lines), shipment)


@broken(
    "a part shipment has its quantities", "test_a_part_shipment_is_written_on_its_lines_with_its_quantities"
)
class PartShipmentsAreWhole(Pressero):
    @hookimpl
    async def create_shipment(self, order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool:
        return await super().create_shipment(order, lines, replace(shipment, lines=()))


@broken("a level moves by a difference", "test_a_level_moves_by_the_difference")
class LevelsAreSet(Pressero):
    @hookimpl
    async def update_shop_stock(self, site: str, stock: ShopStock, change: int) -> bool:
        [now] = await self.read_shop_stock(site, (stock.name,))
        return await super().update_shop_stock(site, stock, stock.level + change - now.level)


@broken("a price is shown to the cent", CENTS)
class ShownPricesAreRounded(Pressero):
    @hookimpl
    def encode_price(self, question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer:
        if isinstance(answer, Quote):
            answer = replace(answer, total=answer.total.quantize(Decimal("0.1"), ROUND_DOWN))
        return super().encode_price(question, answer)


@broken("there is no price of zero without an error", "test_there_is_never_a_price_of_zero_without_an_error")
class ZeroIsAPrice(Pressero):
    @hookimpl
    def encode_price(self, question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer:
        written = super().encode_price(question, answer)
        if isinstance(answer, NoPrice):
            text = answer.reason.encode() or b"-"
            return replace(written, body=written.body.replace(b'"' + text + b'"', b'""'))
        return replace(
            written, body=written.body.replace(b'"Error":"', b'"Was":"').replace(b"}", b',"Error":""}')
        )


@broken("the reason is told", "test_the_reason_why_there_is_no_price_is_shown_as_it_is")
class ReasonsAreNotTold(Pressero):
    @hookimpl
    def encode_price(self, question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer:
        return super().encode_price(
            question, NoPrice(reason="Sorry.") if isinstance(answer, NoPrice) else answer
        )


@broken("the quantity that is asked for is understood", "test_whatever_is_asked_is_what_is_understood")
class QuestionsAreAlwaysAboutTen(Pressero):
    @hookimpl
    def decode_price_call(self, call: IncomingCall) -> Any:
        return replace(super().decode_price_call(call), quantity=10)


@broken(
    "a webhook is genuine",
    "test_a_webhook_with_a_wrong_signature_is_rejected",
    "test_a_webhook_that_was_changed_on_its_way_is_rejected",
)
class SignaturesAreNotCompared(Pressero):
    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        try:
            return super().decode_webhook(call)
        except CallRejected as exc:
            if exc.status != 401 or "messagehash" not in call.headers:
                raise
            digest = _signed(call.body, self._webhook_key())
            return super().decode_webhook(replace(call, headers={**call.headers, "messagehash": digest}))


def _signed(body: bytes, key: str) -> str:
    return hashlib.sha1(key.encode() + body).hexdigest()  # noqa: S324


@broken("a webhook without a signature is none", "test_a_webhook_without_a_signature_is_rejected")
class UnsignedIsFine(Pressero):
    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        digest = _signed(call.body, self._webhook_key())
        given = call.headers or {"messagehash": digest}
        return super().decode_webhook(replace(call, headers=given))


@broken("an event that comes again says the same", "test_a_webhook_that_comes_again_or_late_says_the_same")
class EventsAreRemembered(Pressero):
    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        self.seen: set[bytes] = getattr(self, "seen", set())
        if call.body in self.seen:
            raise CallRejected("It was here before.", status=400)
        self.seen.add(call.body)
        return super().decode_webhook(call)


@broken("an event is about its order", "test_a_genuine_webhook_says_which_order_to_look_at")
class EventsAreAboutNothing(Pressero):
    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        found = super().decode_webhook(call)
        return replace(found, event=replace(found.event, order_number=""))
