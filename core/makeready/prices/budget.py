"""How many questions of a shop reach the MIS: an estimate is a record in its books, and anybody can ask a shop."""

from collections.abc import Callable

from cachetools import LRUCache

from makeready.prices.model import PriceRules

HOUR_S = 3600.0
AT_ONCE = 4
"""A bucket holds this part of an hour's questions; what was taken out comes back evenly."""
MOST_PRODUCTS = 5000


class Bucket:
    def __init__(self, per_hour: int, clock: Callable[[], float]) -> None:
        self._most = max(1.0, per_hour / AT_ONCE)
        self._per_s = per_hour / HOUR_S
        self._clock = clock
        self._left, self._at = self._most, clock()

    def take(self) -> bool:
        """False if it is empty."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Budget:
    """One company's."""

    def __init__(self, rules: PriceRules, clock: Callable[[], float]) -> None:
        """``clock``: a steady one."""
        self._clock = clock
        self._per_product = rules.product_questions_per_hour
        self._products: LRUCache[str, Bucket] = LRUCache(MOST_PRODUCTS)
        self._all = Bucket(rules.questions_per_hour, clock)
        self._unlinked = Bucket(rules.unlinked_questions_per_hour, clock)

    def take(self, product_id: str) -> bool:
        """Whether one more question about this product may leave."""
        bucket = self._products.get(product_id)
        if bucket is None:
            bucket = self._products[product_id] = Bucket(self._per_product, self._clock)
        return bucket.take() and self._all.take()

    def take_unlinked(self) -> bool:
        """The same for products that are not linked: of those there are as many as somebody makes up."""
        return self._unlinked.take()
