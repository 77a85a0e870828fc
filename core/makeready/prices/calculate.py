"""From the MIS's price to the one that the shop is told: mark-up, rounding, minimum. Pure.

The order is fixed: the mark-up, what plugins change, the rounding, the minimum. Each is done once.
"""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from makeready_hooks.model.price import Quote
from msgspec import structs

from makeready.prices.model import PriceRules

CENT = Decimal("0.01")


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
