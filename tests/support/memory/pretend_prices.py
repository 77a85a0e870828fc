"""The prices of the pretend shop and MIS."""

import asyncio
from decimal import Decimal

import msgspec
from makeready_hooks import hookimpl
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import (
    NoPrice,
    OptionsQuestion,
    PriceOption,
    PriceQuery,
    PriceQuestion,
    Quote,
)


class ShopPrices:
    @hookimpl
    def decode_price_call(self, call: IncomingCall) -> PriceQuestion | OptionsQuestion | CallAnswer:
        """The body is the product; query: the quantity, options; GET describes the service."""
        if call.method == "GET":
            return CallAnswer(status=200, body=b"described")
        product, query = call.body.decode(), dict(call.query)
        if query.pop("what", "") == "options":
            return OptionsQuestion(product=product)
        quantity, buyer = int(query.pop("quantity", "10")), Buyer(department=query.pop("department", ""))
        return PriceQuestion(product=product, quantity=quantity, options=tuple(query.items()), buyer=buyer)

    @hookimpl
    def encode_options(
        self, question: OptionsQuestion, options: tuple[PriceOption, ...] | NoPrice
    ) -> CallAnswer:
        return CallAnswer(status=200, body=msgspec.json.encode(options))

    @hookimpl
    def encode_price(self, question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer:
        return CallAnswer(status=200, body=msgspec.json.encode(answer))


class MisPrices:
    def __init__(self) -> None:
        self.quotes: list[Quote | Exception] = []
        """The next answers to price questions; the last one again and again."""
        self.questions: list[PriceQuery] = []
        self.options: tuple[PriceOption, ...] | Exception = ()
        self.options_asked = 0
        self.hangs = False
        self.discount = Decimal(0)
        """What a plugin takes off, as a part of the price."""

    @hookimpl
    def adjust_quote(self, quote: Quote, query: PriceQuery) -> Quote | None:
        if not self.discount:
            return None
        return msgspec.structs.replace(quote, total=quote.total * (1 - self.discount))

    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        self.questions.append(query)
        if self.hangs:
            await asyncio.Event().wait()
        answer = self.quotes.pop(0) if len(self.quotes) > 1 else self.quotes[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @hookimpl
    async def list_price_options(self, product_id: str) -> tuple[PriceOption, ...]:
        self.options_asked += 1
        if isinstance(self.options, Exception):
            raise self.options
        return self.options

    @hookimpl
    def customer_code(self, site: str, buyer: Buyer) -> str:
        return buyer.department.upper()
