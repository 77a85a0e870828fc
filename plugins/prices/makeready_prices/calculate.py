"""From the MIS's price to the one that the shop is told: mark-up, rounding, minimum. Pure.

The order is fixed: the mark-up, what plugins change, the rounding, the minimum. Each is done once.
"""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from makeready.prices.model import PriceRules
from makeready_hooks.model.price import Quote
from msgspec import structs

CENT = Decimal("0.01")


def in_quantity(quote: Quote, of: int, quantity: int) -> Quote | None:
    """The price of another quantity from the list that came with the price ``of`` one; None if the list has none."""
    fitting = [one for one in quote.breaks if one.from_quantity <= quantity]
    if not fitting or fitting[-1].unit_price <= 0:
        return None
    return structs.replace(
        quote,
        total=fitting[-1].unit_price * quantity,
        weight_kg=round(quote.weight_kg * quantity / of, 6),
        unit_price=fitting[-1].unit_price,
        from_quantity=fitting[-1].from_quantity if len(quote.breaks) > 1 else 0,
        breaks=(),
    )


def apply_markup(quote: Quote, rules: PriceRules, site: str) -> Quote:
    """With our mark-up; as it is where the shop adds one."""
    percent = rules.percent_for(site)
    return structs.replace(quote, total=quote.total * (100 + percent) / 100) if percent else quote


def rounded(total: Decimal, rule: str) -> Decimal:
    """``cent``: half a cent up. ``.95``, ``.99``: up to the next such amount. Never down to zero."""
    if rule == "none":
        return total
    if rule == "cent":
        return max(total.quantize(CENT, ROUND_HALF_UP), CENT)
    cents = Decimal(rule)
    return (total - cents).to_integral_value(ROUND_CEILING) + cents


def at_least(total: Decimal, minimum: Decimal) -> Decimal:
    return max(total, minimum)
