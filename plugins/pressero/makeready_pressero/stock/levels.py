"""Stock items of a site, read with few searches. Pure functions."""

from collections.abc import Iterable, Sequence

from makeready_hooks.model.product import ShopStock

from makeready_pressero.session import Row
from makeready_pressero.wire import number, text


def shared_part(names: Sequence[str]) -> str:
    """What all these names begin with: one search for it finds them all (``contains`` is seen)."""
    first, last = min(names), max(names)
    different = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(different, len(first))]


def of_names(rows: Iterable[Row], names: Iterable[str]) -> tuple[ShopStock, ...]:
    """The items of these names. One whose level cannot be read is left out: nothing can be done with it."""
    wanted = frozenset(names)
    found = (row for row in rows if text(row.get("StockName")) in wanted and row.get("StockId"))
    return tuple(item for row in found if (item := _item(row)) is not None)


def _item(row: Row) -> ShopStock | None:
    try:
        level = number(row["CurrentLevel"])
    except (KeyError, ValueError):
        return None
    return ShopStock(name=text(row["StockName"]), id=text(row["StockId"]), level=level)
