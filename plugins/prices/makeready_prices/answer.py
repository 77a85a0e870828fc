"""A call of a shop's pricing engine, from its bytes to ours."""

import structlog
from makeready.connectors import Connectors
from makeready.contexts import PriceContext
from makeready.prices.model import PriceOutcome
from makeready.subscribers.model import Subscriber
from makeready_hooks import specs
from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.news import PriceNews
from makeready_hooks.model.price import NoPrice, OptionsQuestion, PriceQuestion, Quote
from msgspec import Struct

from makeready_prices.cache import caches_of
from makeready_prices.quote import Pricing

log = structlog.get_logger("makeready.pricing")


class Answered(Struct, frozen=True, kw_only=True):
    answer: CallAnswer
    good_until: float = 0.0
    """Until then the same call has the same answer; 0 if it has to be asked again."""
    outcome: PriceOutcome | None = None
    """None if it was no question for a price."""


async def answer_price_call(
    context: PriceContext,
    subscriber: Subscriber,
    connectors: Connectors,
    connector: str,
    call: IncomingCall,
    *,
    came_at: float | None = None,
    paused: bool = False,
) -> Answered:
    """Answer a call of the shop's pricing engine, through the subscriber's ``connector``.

    ``came_at``: when it came, by the monotonic clock; now, if it is not given. ``paused``: a person wants no prices
    given. Raises CallRejected if it cannot
    be read; every other trouble is an answer with a reason.
    """
    question = connectors.decode_price_call(connector, call)
    if isinstance(question, CallAnswer):
        return Answered(answer=question)
    pricing = Pricing(context, subscriber, connectors, came_at=came_at, paused=paused)
    if isinstance(question, OptionsQuestion):
        options = await pricing.options(question)
        return Answered(answer=connectors.encode_options(connector, question, options))
    priced = await pricing.price(question)
    answer = connectors.encode_price(connector, question, priced.answer)
    if connectors.any_has(specs.price_answered):
        caches_of(context).tell(_tell(connectors, question, priced.answer))
    return Answered(answer=answer, good_until=priced.good_until, outcome=priced.outcome)


async def _tell(connectors: Connectors, question: PriceQuestion, answer: Quote | NoPrice) -> None:
    news = PriceNews(
        product=question.product,
        quantity=question.quantity,
        total=answer.total if isinstance(answer, Quote) else None,
        reason="" if isinstance(answer, Quote) else answer.reason,
    )
    try:
        await connectors.tell(specs.price_answered.__name__, news)
    except MakereadyError as exc:
        log.warning("an observer was not told", hook="price_answered", error=str(exc))
