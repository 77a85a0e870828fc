"""A buyer waits in the shop: answer within the deadline, and never with a price of zero without an error.

The MIS is asked as rarely as the rules allow: what is fresh is not asked again, who asks the same at the
same time waits for one answer, and few questions are under way at once.
"""

import time

import structlog
from makeready.connectors import Connectors
from makeready.contexts import PriceContext
from makeready.prices.model import KnownPrice, PriceOutcome
from makeready.products.links import routes_of
from makeready.products.part_numbers import EngineProductRef
from makeready.subscribers.currencies import check_currency
from makeready.subscribers.model import Subscriber
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, NotPriced, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.price import (
    NoPrice,
    NoPriceCause,
    OptionsQuestion,
    PriceOption,
    PriceQuery,
    PriceQuestion,
    Quote,
)
from msgspec import Struct, structs

from makeready_prices.cache import caches_of
from makeready_prices.calculate import apply_markup, at_least, in_quantity, rounded
from makeready_prices.messages import text_for
from makeready_prices.numbers import candidates
from makeready_prices.questions import OverBudget, Questions
from makeready_prices.trace import PriceTrace, PriceTracer

OPTIONS_MAX_AGE_S = 300.0
"""What a buyer can choose comes from settings, and from the product's type, which hardly ever changes."""
MOST_READINGS = 10
"""A number with more hyphens than any real one is not worth a question to the MIS."""
ANSWERING_S = 0.15
"""Kept back of the deadline, so that many answers that end together leave in time."""
UNLINKED_REFUSED_S = 3600.0
"""That the MIS has no price for a product that is not linked is kept for so long."""
NOT_ANSWERED = (TimeoutError, RetryLater, OutcomeUnknown, ConfigError)
"""The MIS could not be asked, or did not say."""

log = structlog.get_logger("makeready.pricing")


class Priced(Struct, frozen=True, kw_only=True):
    answer: Quote | NoPrice
    """As the shop is told."""
    story: PriceTrace
    outcome: PriceOutcome
    good_until: float = 0.0


class _NoAnswer(Exception):
    """There is no price to give, for this cause or in these words."""

    def __init__(
        self,
        cause: NoPriceCause,
        words: str = "",
        detail: str = "",
        good_until: float = 0.0,
        outcome: PriceOutcome = PriceOutcome.REFUSED,
    ) -> None:
        super().__init__(detail or words or cause.value)
        self.good_until = good_until
        self.outcome = outcome
        self.cause = cause
        self.words = words
        """The MIS's, for the buyer; empty for our own text."""


def _unclear(found: tuple[EngineProductRef, ...]) -> str:
    if not found:
        return "the number is not this subscriber's, or names no product"
    products = " or ".join(f"product {one.product_id} of {one.site}" for one in found[:MOST_READINGS])
    return f"the number can mean {products}: link the one that is meant, and give the other another id"


def _no(error: Refused, good_until: float = 0.0) -> _NoAnswer:
    if isinstance(error, NotPriced):
        return _NoAnswer(error.cause, detail=error.message, good_until=good_until)
    return _NoAnswer(NoPriceCause.NO_PRICE, words=error.message, good_until=good_until)


def _product(query: PriceQuery) -> EngineProductRef:
    return EngineProductRef(product_id=query.product_id, site=query.site)


class Pricing:
    """Questions of one subscriber's shops."""

    def __init__(
        self,
        context: PriceContext,
        subscriber: Subscriber,
        connectors: Connectors,
        *,
        came_at: float | None = None,
        paused: bool = False,
    ) -> None:
        self._context = context
        self._paused = paused
        self._store = context.store.prices
        self._clock = context.clock
        self._subscriber = subscriber
        self._rules = subscriber.prices
        self._connectors = connectors
        self._caches = caches_of(context)
        self._counter = self._caches.of(subscriber)
        deadline_s = self._rules.deadline_s
        came_at = time.monotonic() if came_at is None else came_at
        ends = came_at + deadline_s - min(ANSWERING_S, deadline_s / 10)
        self._questions = Questions(context, subscriber, connectors, self._counter, ends)

    async def price(self, question: PriceQuestion, link: EngineProductRef | None = None) -> Priced:
        """The price as the shop is told, or the reason why there is none, within the deadline.

        ``link`` names the product where the question does not come from a shop, that knows it by its number only.
        """
        teller = PriceTracer()
        site = link.site if link else ""
        try:
            if self._paused:
                raise _NoAnswer(NoPriceCause.UNAVAILABLE, detail="prices are paused")
            link = link or await self._meant(question.product)
            site = link.site
            mis = await self._maker(link)
            query = self._query(mis, link.product_id, site, question)
            known, outcome = await self._known(mis, query, teller)
            answer = self._made(known.quote, query, teller)
        except _NoAnswer as none:
            return self._nothing(question, site, none, teller)
        fresh = outcome in (PriceOutcome.KEPT, PriceOutcome.ASKED)
        good_until = known.at + self._max_age(known.quote) if fresh else 0.0
        story = teller.end(question, site, answer)
        return Priced(answer=answer, good_until=good_until, story=story, outcome=outcome)

    async def options(self, question: OptionsQuestion) -> tuple[PriceOption, ...] | NoPrice:
        """What a buyer can choose; NoPrice if nobody knows just now."""
        if self._paused:
            return self._no_options(question, "")
        try:
            link = await self._meant(question.product)
            maker = await self._maker(link)
        except _NoAnswer as none:
            if none.cause is NoPriceCause.UNKNOWN_PRODUCT:
                return ()  # the price call tells the buyer
            return self._no_options(question, "")
        product, mis = link.product_id, self._counter.mis
        key = ("options", maker, product)
        try:
            return await self._questions.ask(
                key,
                lambda: self._connectors.list_price_options(maker, product),
                link,
                max_age_s=OPTIONS_MAX_AGE_S,
            )
        except Refused:
            return ()
        except NOT_ANSWERED:
            kept: tuple[PriceOption, ...] | None = mis.kept(key)
            return self._no_options(question, link.site) if kept is None else kept

    def _no_options(self, question: OptionsQuestion, site: str) -> NoPrice:
        language = self._rules.language_for(site)
        return NoPrice(
            reason=text_for(language, NoPriceCause.UNAVAILABLE, product=question.product, quantity=0)
        )

    async def _meant(self, number: str) -> EngineProductRef:
        """The product and the site of a shop's number: of several, the one that the MIS has. Raises _NoAnswer."""
        found = await candidates(self._context, self._subscriber, number)
        if 1 < len(found) <= MOST_READINGS:
            there = await self._there(found[0], tuple(dict.fromkeys(one.product_id for one in found)))
            found = tuple(one for one in found if one.product_id in there)
        if len(found) != 1:
            raise _NoAnswer(NoPriceCause.UNKNOWN_PRODUCT, detail=_unclear(found))
        return found[0]

    async def _there(self, first: EngineProductRef, ids: tuple[str, ...]) -> frozenset[str]:
        """Which of these are products of the MIS. Raises _NoAnswer if nobody knows just now."""
        key, mis = ("products", ids), self._counter.mis
        try:
            return await self._questions.ask(
                key, lambda: self._ask_there(ids), first, max_age_s=OPTIONS_MAX_AGE_S
            )
        except (Refused, *NOT_ANSWERED) as exc:
            kept: frozenset[str] | None = mis.kept(key)
            if kept is None:
                raise _NoAnswer(NoPriceCause.UNAVAILABLE, detail=str(exc)) from exc
            return kept

    async def _ask_there(self, ids: tuple[str, ...]) -> frozenset[str]:
        read = [
            await self._connectors.read_mis_products(mis, ids) for mis in self._connectors.names(Role.MIS)
        ]
        return frozenset(product.id for products in read for product in products)

    async def _maker(self, link: EngineProductRef) -> str:
        """The MIS that names its price. Raises _NoAnswer if nothing says which."""
        routes = await routes_of(self._context, self._subscriber, self._connectors, (link.product_id,))
        mis = routes.mis_of(link.site, link.product_id)
        if routes.names and not mis:
            raise _NoAnswer(NoPriceCause.UNKNOWN_PRODUCT, detail=routes.why_none(link.product_id))
        return mis

    def _query(self, mis: str, product_id: str, site: str, question: PriceQuestion) -> PriceQuery:
        if question.quantity < 1:
            raise _NoAnswer(NoPriceCause.QUANTITY)
        try:
            check_currency(self._subscriber, self._connectors, site, mis)
        except Refused as exc:
            raise _NoAnswer(NoPriceCause.NO_PRICE, detail=str(exc)) from exc
        try:
            customer = self._connectors.customer_code(mis, site, question.buyer)
        except Refused as exc:
            raise _NoAnswer(NoPriceCause.ON_REQUEST, detail=str(exc)) from exc
        except NOT_ANSWERED as exc:
            raise _NoAnswer(NoPriceCause.UNAVAILABLE, detail=str(exc)) from exc
        return PriceQuery(
            product_id=product_id,
            quantity=question.quantity,
            site=site,
            options=tuple(sorted(dict(question.options).items())),
            customer=customer,
        )

    async def _known(
        self, mis: str, query: PriceQuery, teller: PriceTracer
    ) -> tuple[KnownPrice, PriceOutcome]:
        """The MIS's price, and where it was had from: memory, the store, the MIS, or the last one that is known
        while the MIS is away. Raises _NoAnswer.
        """
        self._check_refusal(query)
        kept = self._in_memory(query)
        if kept and self._is_fresh(kept):
            teller.known("kept in memory", self._clock() - kept.at)
            return kept, PriceOutcome.KEPT
        if kept is None and not self._counter.mis.asks(query) and await self._recall(query):
            kept = self._counter.prices.get(query)
            if kept and self._is_fresh(kept):
                teller.known("kept in the state file", self._clock() - kept.at)
                return kept, PriceOutcome.KEPT
        return await self._asked(mis, query, kept, teller)

    def _in_memory(self, query: PriceQuery) -> KnownPrice | None:
        """The newer of the answer to this question and what a price list says that came with another one's."""
        kept = self._counter.prices.get(query)
        of, known = self._counter.lists.get(structs.replace(query, quantity=0)) or (0, None)
        if known is None or (kept is not None and kept.at >= known.at):
            return kept
        quote = in_quantity(known.quote, of, query.quantity)
        return kept if quote is None else structs.replace(known, quote=quote)

    def _check_refusal(self, query: PriceQuery) -> None:
        """Raises _NoAnswer if the MIS said no a moment ago: it is kept as long as a price."""
        asked_at, error = self._counter.refusals.get(query) or (0.0, None)
        unlinked = self._counter.unlinked.get(_product(query))
        good_until = asked_at + max(self._rules.price_max_age_s, UNLINKED_REFUSED_S if unlinked else 0)
        if error is not None and asked_at <= self._clock() < good_until:
            raise _no(error, good_until) from error

    async def _recall(self, query: PriceQuery) -> bool:
        """Put into memory what the state file has, unless somebody asked the MIS meanwhile. False if it is nothing."""
        stored = await self._store.known(self._subscriber.name, self._subscriber.environment, query)
        if stored and self._counter.prices.get(query) is None:
            self._counter.prices[query] = stored
        return self._counter.prices.get(query) is not None

    async def _asked(
        self, mis: str, query: PriceQuery, kept: KnownPrice | None, teller: PriceTracer
    ) -> tuple[KnownPrice, PriceOutcome]:
        outcome = PriceOutcome.LAST_KNOWN
        try:
            known = await self._questions.ask(query, lambda: self._ask(mis, query), _product(query))
        except Refused as exc:
            raise _no(exc) from exc
        except NOT_ANSWERED as exc:
            trouble = str(exc) or "it did not answer within the deadline"
            outcome = PriceOutcome.OVER_BUDGET if isinstance(exc, OverBudget) else outcome
        else:
            teller.known("asked of the MIS", self._clock() - known.at)
            return known, PriceOutcome.ASKED
        return self._last_known(kept, trouble, teller, outcome), outcome

    async def _ask(self, mis: str, query: PriceQuery) -> KnownPrice:
        """Ask the MIS, and remember: an estimate before anybody is told, since an order may name it."""
        asked_at = self._clock()
        try:
            quote = await self._connectors.quote_price(mis, query)
            if quote is None or not quote.total > 0:
                raise NotPriced("The MIS names no price above zero.", cause=NoPriceCause.NO_PRICE)
        except Refused as exc:
            self._counter.refusals[query] = (asked_at, exc)
            raise
        known = KnownPrice(quote=structs.replace(quote, breaks=()), at=asked_at)
        self._counter.prices[query] = known
        if quote.breaks:
            of_all = KnownPrice(quote=quote, at=asked_at)
            self._counter.lists[structs.replace(query, quantity=0)] = (query.quantity, of_all)
        if self._counter.unlinked.get(_product(query)):
            noted = self._context.store.links.note_sold(
                self._subscriber.name, query.site, query.product_id, asked_at
            )
            self._caches.later(noted)
        keeping = self._keep(query, known)
        if quote.reference:
            await keeping
        else:
            self._caches.later(keeping)
        return known

    async def _keep(self, query: PriceQuery, known: KnownPrice) -> None:
        try:
            await self._store.keep(self._subscriber.name, self._subscriber.environment, query, known)
        except Exception:  # a full disk, say: the buyer gets the price all the same
            log.exception("a price could not be kept", subscriber=self._subscriber.name)

    def _last_known(
        self, kept: KnownPrice | None, trouble: str, teller: PriceTracer, outcome: PriceOutcome
    ) -> KnownPrice:
        """By the outage policy. Raises _NoAnswer."""
        teller.trouble(trouble)
        age_s = self._clock() - kept.at if kept else 0.0
        serves = {"serve": True, "refuse": False, "refuse-after": age_s < self._rules.outage_minutes * 60}
        if kept is None or not serves[self._rules.outage]:
            raise _NoAnswer(NoPriceCause.UNAVAILABLE, detail=trouble, outcome=outcome)
        teller.known("last known, since the MIS gives none", age_s)
        return kept

    def _made(self, quote: Quote, query: PriceQuery, teller: PriceTracer) -> Quote:
        """The shop's price of the MIS's."""
        rules = self._rules
        teller.from_mis(quote)
        quote = teller.markup(apply_markup(quote, rules, query.site), rules, query.site)
        quote = teller.plugins(self._connectors.adjust_quote(quote, query))
        if not quote.total > 0:  # before rounding and minimum, which would make a price of nothing
            raise _NoAnswer(NoPriceCause.NO_PRICE, detail="a plugin left nothing of the price")
        total = teller.total("rounding", rules.rounding, rounded(quote.total, rules.rounding))
        total = teller.total(
            "minimum", str(rules.minimum_price or "none"), at_least(total, rules.minimum_price)
        )
        return structs.replace(quote, total=total)

    def _nothing(self, question: PriceQuestion, site: str, none: _NoAnswer, teller: PriceTracer) -> Priced:
        language = self._rules.language_for(site)
        reason = none.words or text_for(
            language, none.cause, product=question.product, quantity=question.quantity
        )
        log.info("no price", subscriber=self._subscriber.name, product=question.product, why=str(none))
        teller.nothing(str(none))
        answer = NoPrice(reason=reason)
        story = teller.end(question, site, answer)
        return Priced(answer=answer, good_until=none.good_until, story=story, outcome=none.outcome)

    def _is_fresh(self, known: KnownPrice) -> bool:
        return 0 <= self._clock() - known.at < self._max_age(known.quote)

    def _max_age(self, quote: Quote) -> float:
        rules = self._rules
        return rules.estimate_max_age_s if quote.reference else rules.price_max_age_s
