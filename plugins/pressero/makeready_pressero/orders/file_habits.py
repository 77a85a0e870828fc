"""Which products have files at their items, learned from the items that were looked at.

In memory: after a restart it is learned again, by what each order costs anyway while nothing is known.
"""

PRODUCT_SURE = 3
"""So many items of a product in a row without a file: the next has none either."""
SITE_SURE = 25
"""The same of a site, for its products of which no item was looked at."""
AFTER_A_FILE = 20
"""So many more it takes once an item had one."""
MOST_KEPT = 50_000


class FileHabits:
    """What is expected of the next item; it may be otherwise."""

    def __init__(self) -> None:
        self._without: dict[tuple[str, str], int] = {}
        """Items in a row without a file, by site and product, and by site alone; below 0 after one with a file."""

    def note(self, site: str, product: str, *, has_files: bool) -> None:
        if len(self._without) >= MOST_KEPT:
            self._without.clear()
        for key in ((site, product), (site, "")):
            self._without[key] = -AFTER_A_FILE if has_files else self._without.get(key, 0) + 1

    def has_none(self, site: str, product: str) -> bool:
        """Whether its items are taken to have none."""
        in_a_row = self._without.get((site, product))
        if in_a_row is None:
            return self._without.get((site, ""), 0) >= SITE_SURE
        return in_a_row >= PRODUCT_SURE

    def has_some(self, site: str, product: str) -> bool:
        """Whether an item had one lately."""
        return self._without.get((site, product), 0) < 0
