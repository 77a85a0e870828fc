"""What the pricing engine answers, before it is put in a form. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from makeready_hooks.model.price import NoPrice, OptionValue, PriceOption, Quote
from msgspec import Struct

from makeready_pressero.wire import plain

NO_PRICE = "There is no price for this product."
CENT = Decimal("0.01")
GRAMS = {"kg": Decimal(1000), "g": Decimal(1), "lb": Decimal("453.59237"), "oz": Decimal("28.349523125")}


class PriceAnswer(Struct, frozen=True, kw_only=True):
    price: Decimal
    """For the whole quantity; 0 with an error, and never without."""
    weight: Decimal
    """For the whole quantity, in ``weight_unit``."""
    weight_unit: str
    error: str = ""


def price_answer(answer: Quote | NoPrice, weight_unit: str) -> PriceAnswer:
    if isinstance(answer, NoPrice) or not answer.total > 0:
        reason = answer.reason if isinstance(answer, NoPrice) else ""
        return PriceAnswer(
            price=Decimal(0), weight=Decimal(0), weight_unit=weight_unit, error=reason or NO_PRICE
        )
    weight = in_unit(answer.weight_kg, weight_unit)
    return PriceAnswer(price=rounded(answer.total), weight=weight, weight_unit=weight_unit)


def rounded(amount: Decimal) -> Decimal:
    """To the cent, halves up as on an invoice, and never a price down to zero."""
    cents = amount.quantize(CENT, ROUND_HALF_UP)
    return plain(cents if cents or not amount else CENT)


def in_unit(kilograms: Decimal, unit: str) -> Decimal:
    """Exact for grams and kilograms, to a millionth for the others."""
    if unit == "kg":
        return plain(kilograms)
    return plain(round(kilograms * 1000 / GRAMS[unit], 6))


def offered_first(option: PriceOption) -> tuple[OptionValue, ...]:
    """The default first: the page selects the first value until the buyer chooses."""
    default = tuple(one for one in option.values if one.value == option.default)
    return default + tuple(one for one in option.values if one.value != option.default)
