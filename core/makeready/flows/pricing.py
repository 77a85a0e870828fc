"""A buyer waits in the shop: answer within the deadline, and never with a price of zero without an error."""

import asyncio

import structlog
from makeready_hooks.errors import MakereadyError, Refused, RetryLater
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.price import NoPrice, OptionsQuestion, PriceQuery, PriceQuestion, Quote

from makeready.connectors import Connectors
from makeready.flows.numbers import product_of_engine_id
from makeready.installation import Installation
from makeready.records import Subscriber

DEADLINE_S = 4.0

log = structlog.get_logger("makeready.pricing")


async def answer_price_call(
    installation: Installation, subscriber: Subscriber, connector: str, call: IncomingCall
) -> CallAnswer:
    """Answer a call of the shop's pricing engine.

    Raises CallRejected if it cannot be read; every other trouble is an answer with a reason.
    """
    connectors = await installation.connectors(subscriber)
    question = connectors.read_price_call(connector, call)
    if isinstance(question, OptionsQuestion):
        return connectors.write_options_answer(connector, question, ())
    answer = await quote(subscriber, connectors, question)
    return connectors.write_price_answer(connector, question, answer)


async def quote(subscriber: Subscriber, connectors: Connectors, question: PriceQuestion) -> Quote | NoPrice:
    """The MIS's price, or the reason why there is none, within the deadline."""
    link = product_of_engine_id(subscriber, question.product)
    if link is None:
        return NoPrice(reason=f"{question.product} is not a product of this shop's MIS.")
    query = PriceQuery(
        product_id=link.product_id,
        quantity=question.quantity,
        site=link.site,
        options=question.options,
        customer=question.customer,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            found = await connectors.quote_price(query)
    except Refused as exc:
        return NoPrice(reason=exc.message)
    except (TimeoutError, RetryLater) as exc:
        log.warning("no price", subscriber=subscriber.name, product=link.product_id, error=str(exc))
        return NoPrice(reason="The price is not available just now. Please try again in a moment.")
    except MakereadyError as exc:
        log.error("no price", subscriber=subscriber.name, product=link.product_id, error=str(exc))
        return NoPrice(reason="The price is not available.")
    if found is None or found.total <= 0:
        return NoPrice(reason="There is no price for this product.")
    return connectors.adjust_quote(found, query)
