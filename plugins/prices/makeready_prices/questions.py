"""What is asked of the MIS for buyers: within the company's budget, and only about products of its own sites."""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

from makeready.connectors import Connectors
from makeready.contexts import PriceContext
from makeready.products.links import sites_of
from makeready.products.part_numbers import EngineProductRef
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import MakereadyError, NotPriced, RetryLater
from makeready_hooks.model.price import NoPriceCause

from makeready_prices.cache import PriceCache
from makeready_prices.numbers import is_linked

SITES_MAX_AGE_S = 600.0
LINKED_MAX_AGE_S = 5.0

T = TypeVar("T")


class OverBudget(RetryLater):
    """The company's budget has no room for one more question."""


class Questions:
    """Of one call of a shop, that has to be answered until ``ends``, by the monotonic clock."""

    def __init__(
        self,
        context: PriceContext,
        subscriber: Subscriber,
        connectors: Connectors,
        cache: PriceCache,
        ends: float,
    ) -> None:
        self._context, self._subscriber, self._connectors = context, subscriber, connectors
        self._cache, self._ends = cache, ends

    async def ask(
        self,
        key: Hashable,
        question: Callable[[], Awaitable[T]],
        about: EngineProductRef,
        *,
        max_age_s: float = 0.0,
    ) -> T:
        """See `makeready_prices.guard.Guard.ask`. Raises OverBudget and, for another's site, NotPriced as well."""
        mis = self._cache.mis
        asked_already = mis.asks(key) or mis.kept(key, max_age_s) is not None or mis.circuit_open
        if not asked_already and not await self._cache.checks.ask(
            key, lambda: self._may_ask(about), within_s=self._left_s()
        ):
            raise OverBudget("more is asked than the budget in the settings of prices allows")
        return await mis.ask(key, question, within_s=self._left_s(), max_age_s=max_age_s)

    async def _may_ask(self, product: EngineProductRef) -> bool:
        if await self._cache.checks.ask(
            product,
            lambda: is_linked(self._context, self._subscriber, product),
            within_s=self._left_s(),
            max_age_s=LINKED_MAX_AGE_S,
        ):
            self._cache.unlinked.pop(product, None)
            return self._cache.budget.take(product.product_id)
        if product.site and not await self._has_site(product.site):
            raise NotPriced(f"The company has no site {product.site}.", cause=NoPriceCause.UNKNOWN_PRODUCT)
        self._cache.unlinked[product] = True
        return self._cache.budget.take_unlinked()

    async def _has_site(self, domain: str) -> bool:
        """True as well where the shop cannot be asked just now: the budget is small."""
        if domain in await sites_of(self._context, self._subscriber):
            return True
        try:
            shop = self._connectors.ids.shop_of(domain)
            sites = await self._cache.checks.ask(
                ("sites", shop),
                lambda: self._connectors.list_sites(shop),
                within_s=self._left_s(),
                max_age_s=SITES_MAX_AGE_S,
            )
        except (MakereadyError, TimeoutError):
            return True
        return domain.lower() in {site.domain.lower() for site in sites}

    def _left_s(self) -> float:
        return max(0.0, self._ends - time.monotonic())
