"""Amounts as a page shows them. The currency is in no message that was seen; the site's culture decides."""

from decimal import Decimal

_SIGNS = {"en-US": "$", "en-GB": "£", "en-AU": "$", "en-CA": "$"}


def shown(amount: Decimal, culture: str) -> str:
    """``$1,234.50`` for English cultures with a known sign, else ``1.234,50 €``."""
    text = f"{amount:,.2f}"
    if culture in _SIGNS:
        return _SIGNS[culture] + text
    return text.translate(str.maketrans(",.", ".,")) + " €"
