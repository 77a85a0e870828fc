"""Orders and products that never were."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from makeready_hooks.model.order import Buyer, Order, OrderLine, Party
from makeready_hooks.model.product import MisProduct, PriceBreak

SITE = "shop.example"
STAGE = "To the MIS"


def product(key: str, name: str) -> MisProduct:
    breaks = (PriceBreak(from_quantity=1, unit_price=Decimal(2)),)
    return MisProduct(id=key, code=f"C-{key}", name=name, price_breaks=breaks, stock=Decimal(5))


def order(number: str, *lines: OrderLine) -> Order:
    return Order(
        number=number,
        id=f"id-{number}",
        site=SITE,
        account_id="account",
        placed_at=datetime(2026, 3, 2, 9, 15, tzinfo=UTC),
        buyer=Buyer(id="b1"),
        bill_to=Party(first_name="Ada"),
        lines=lines or (line(),),
    )


def line(number: int = 1, **changes: Any) -> OrderLine:
    """A line that is ready to go, unless changed."""
    values: dict[str, Any] = {
        "number": number,
        "id": f"i-{number}",
        "part_number": "117-2284",
        "description": "Opening kit",
        "quantity": 2,
        "net": Decimal(50),
        "approved": True,
        "stage": STAGE,
        "required_on": date(2026, 3, 9),
    }
    return OrderLine(**{**values, **changes})
