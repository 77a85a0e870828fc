"""How much of a product an item is: in pieces, or in packs of so many. Pure functions."""

from collections.abc import Sequence

from msgspec import Struct

from makeready_pressero.orders.items import OrderItem
from makeready_pressero.wire import number


class Count(Struct, frozen=True, kw_only=True):
    quantity: int
    pack_size: int = 1
    contradiction: str = ""
    """For people; "" if the numbers agree."""


def count_of(item: OrderItem, pack_size: int) -> Count:
    """``Quantity``, ``UOMQuantity``, ``TotalQuantity`` (seen; what each counts is not) and the size of a pack that was
    chosen, 0 for none. What is missing or 0 says nothing.
    """
    quantity, packs, total = item.quantity, item.uom_quantity, item.total_quantity
    told = (quantity, packs or quantity, total or quantity)
    if quantity < 0 or max(told) == 0 or (len(set(told)) == 1 and pack_size <= 1):
        return Count(quantity=quantity)
    ways = [
        (quantity, pack_size or _whole_part(total, quantity)),  # Quantity counts packs
        (packs, pack_size or _whole_part(total, packs)),  # Quantity counts pieces, UOMQuantity packs
        (_whole_part(quantity, packs), packs),  # Quantity counts pieces, UOMQuantity those in a pack
    ]
    fitting = [way for way in ways if _fits(item, pack_size, *way)]
    if len({count * size for count, size in fitting}) != 1:
        return Count(quantity=quantity, contradiction=_contradiction(item, pack_size))
    return Count(quantity=fitting[0][0], pack_size=fitting[0][1])


def _fits(item: OrderItem, pack_size: int, count: int, size: int) -> bool:
    """Whether all that is told can be read as so many packs of this size."""
    if count < 1 or size < 1 or pack_size not in (0, size):
        return False
    pieces = count * size
    return (
        item.quantity in (count, pieces)
        and item.uom_quantity in (0, count, size)
        and item.total_quantity in (0, pieces)
    )


def _whole_part(whole: int, part: int) -> int:
    """0 if it is no whole number of times."""
    return whole // part if part > 0 and whole % part == 0 else 0


def _contradiction(item: OrderItem, pack_size: int) -> str:
    told = [
        f"a quantity of {item.quantity}",
        *([f"a quantity in units of sale of {item.uom_quantity}"] if item.uom_quantity else []),
        *([f"a total quantity of {item.total_quantity}"] if item.total_quantity else []),
        *([f"packs of {pack_size}"] if pack_size else []),
    ]
    return f"{', '.join(told[:-1])} and {told[-1]} contradict one another"


def pack_size_of(chosen: Sequence[tuple[str, str]], option: str) -> int:
    """Pieces in a pack, by the option that tells it; 0 where none does."""
    for name, value in chosen:
        if name.casefold() == option.casefold():
            try:
                return max(number(value), 0)
            except ValueError:
                return 0
    return 0
