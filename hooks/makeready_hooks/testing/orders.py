"""Orders for tests of an MIS connector."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from makeready_hooks.model.order import Address, Buyer, Order, OrderLine, Party

ODD_IDS = (
    "2284", "INK001-A", "INK001", "ink001", "CARD-85x55/A", "7f0c2a1e-6f1b-4f0e-9a44-1f7c5b7f0001", "a b/c",
    "B\u00fcro-Set \u00fc", "100%", "A+B", "x.y", "-", "A--B-", "shop.example", "117-5", "\uff21\uff11", "#12", "..",
    "a?b=c&d", '"quoted"',
)  # fmt: skip
"""Ids of products that an MIS may have: any text."""

PARTY = Party(
    first_name="Ada",
    last_name="Quill",
    business="Northfield Museums",
    email="ada@northfield.example",
    address=Address(line1="2 Mill Lane", city="Leeds", postcode="LS1 4AP", country="GB"),
)


def an_order(*lines: OrderLine, **changes: Any) -> Order:
    """An approved order, of one line unless some are given."""
    values: dict[str, Any] = {
        "number": "7101",
        "id": "order-7101",
        "site": "shop.northfield.example",
        "account_id": "account-1",
        "placed_at": datetime(2026, 3, 2, 9, 15, 29, tzinfo=UTC),
        "buyer": Buyer(id="buyer-1", email="ada@northfield.example", external_id="NORTH01"),
        "bill_to": PARTY,
        "lines": lines or (an_order_line(),),
    }
    return Order(**{**values, **changes})


def an_order_line(number: int = 1, **changes: Any) -> OrderLine:
    values: dict[str, Any] = {
        "number": number,
        "id": f"line-{number}",
        "part_number": "117-2284",
        "description": "Opening kit",
        "quantity": 2,
        "net": Decimal("50.25"),
        "tax": Decimal("10.05"),
        "shipping_net": Decimal("7.50"),
        "ship_to": PARTY,
        "required_on": date(2026, 3, 9),
        "approved": True,
    }
    return OrderLine(**{**values, **changes})
