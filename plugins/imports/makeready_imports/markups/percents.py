"""Mark-ups as people write them, and what a buyer pays by them. Pure functions."""

import re
from decimal import ROUND_HALF_UP, Decimal

from makeready.prices.model import PriceRules
from makeready_hooks.errors import ConfigError

MOST = Decimal(1000)
CENT = Decimal("0.01")
WRITTEN = re.compile(r"\+?([0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)\s*(?:%|per ?cent|percent)?", re.IGNORECASE)


def read_percent(text: str) -> Decimal:
    """``25``, ``25 %``, ``25,5``, ``25.5 %``. Raises ConfigError for anything else, and for more than `MOST`."""
    written = WRITTEN.fullmatch(text.strip())
    percent = Decimal(written[1].replace(",", ".")) if written else None
    if percent is None or percent > MOST:
        raise ConfigError(
            f"The mark-up {text} is not a percentage.",
            field="markup",
            fix=f"Enter it as a number from 0 to {MOST}, such as 25 or 25.5.",
        )
    return percent


def shown_percent(text: str) -> str:
    """``12.5``, ``25``: without zeros that say nothing."""
    return f"{Decimal(text).normalize():f}" if text else ""


def buyers_price(price: Decimal, shop_percent: Decimal, rules: PriceRules, site: str) -> Decimal:
    """A unit price of the MIS with the mark-up of whoever adds it, to the cent; before rules for the total of a line."""
    percent = shop_percent + rules.percent_for(site)
    return (price * (100 + percent) / 100).quantize(CENT, ROUND_HALF_UP) if percent else price
