"""Pricing: a buyer waits in the shop, the shop asks us, we ask the MIS."""

from makeready_hooks.markers import hookspec
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


@hookspec
def read_price_call(call: IncomingCall) -> PriceQuestion | OptionsQuestion | CallAnswer | None:
    """Understand what a shop's pricing engine asks. Storefront. Pure.

    Called:  for every call to this subscriber's pricing address, GET or POST. The same call may be answered
             with an earlier answer while its price is fresh, whatever its tracing headers say.
    Return:  the question; an answer, if the call needs no price (a description of the service); or None
             if this connector does not know such calls.
    Raise:   CallRejected if it is not genuine or cannot be read.
    """


@hookspec
def write_price_answer(question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer | None:
    """Put a price, or the reason why there is none, in the shop's form. Storefront. Pure.

    Called:  once per price question, always, also when the MIS is down.
    Return:  the answer. It never shows a price of zero without an error.
    """


@hookspec
def write_options_answer(
    question: OptionsQuestion, options: tuple[PriceOption, ...] | NoPrice
) -> CallAnswer | None:
    """Put a product's options in the shop's form. Storefront. Pure.

    Called:  once per options question. No options means: a quantity is all that a buyer chooses. NoPrice
             means that nobody knows just now: a buyer must not order without the choice.
    """


@hookspec
def price_customer(site: str, buyer: Buyer) -> str | None:
    """Whose prices hold for this buyer: the customer code. MIS. Pure.

    Called:  before a price is asked, so that all buyers of one customer share an answer; and for an order
             line, to find the estimate that it was priced by. What is not known of the buyer is empty.
    Return:  the MIS's code of the customer, "" for everybody's prices.
    """


@hookspec
async def quote_price(query: PriceQuery) -> Quote | None:
    """Price one product. MIS.

    Called:  while a buyer waits, under the core's deadline.
    Return:  a quote with a total above zero, or None to leave the question to the next connector.
    Raise:   NotPriced with the cause if there is no price for it, RetryLater if the MIS cannot be
             reached, OutcomeUnknown if an estimate may have been made and was not told.
    """


@hookspec
async def list_price_options(product_id: str) -> tuple[PriceOption, ...] | None:
    """What a buyer can choose for a made-to-order product. MIS.

    Called:  when the shop asks, and for an order line, to find the estimate that it was priced by.
    Return:  the options, () if only a quantity is chosen, None if this connector does not know the product.
    Raise:   RetryLater if the MIS cannot be reached.
    """


@hookspec
def adjust_quote(quote: Quote, query: PriceQuery) -> Quote | None:
    """Change a quote before the shop gets it: a surcharge, a price floor. Any connector. Pure.

    Called:  once per plugin and answer, each with the result of the one before: after the core's mark-up,
             before its rounding. The answer is kept as long as the price is fresh.
    Return:  the new quote, or None to leave it as it is.
    """
