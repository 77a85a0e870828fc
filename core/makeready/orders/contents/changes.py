"""What the shop has changed of an order since it was sent, member by member: pure.

What was sent is kept as the shop showed it then. Files are not compared here: a list of orders does not show them.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from makeready_hooks.model.order import Order, OrderLine, Party
from msgspec import Struct

from makeready.orders.model import KnownLine, LineDecision, OrderAsSent

OF_LINE = {
    "description": "description",
    "part_number": "part number",
    "pieces": "quantity",
    "net": "price",
    "discount": "discount",
    "tax": "tax",
    "shipping_net": "shipping",
    "shipping_tax": "tax of the shipping",
    "required_on": "required date",
    "shipping_method": "way of shipping",
    "options": "options",
    "notes": "notes",
}
OF_ORDER = {"po_number": "PO number", "payment_method": "way of payment", "cost_centre": "cost centre"}
OF_PERSON = {
    "first_name": "first name",
    "last_name": "last name",
    "business": "company",
    "email": "e-mail",
    "phone": "telephone",
}
OF_ADDRESS = {
    "line1": "address line 1",
    "line2": "address line 2",
    "line3": "address line 3",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
}


class Value(Struct, frozen=True, kw_only=True):
    """A member of an order, as people call and read it."""

    label: str
    text: str
    line: int = 0
    """0 for one of the whole order."""


def values_of(order: Order) -> Iterator[Value]:
    """All that is compared."""
    yield from _values(order, OF_ORDER)
    yield from _of_party("invoice", order.bill_to)
    for line in order.lines:
        yield from _of_line(line)


def _of_line(line: OrderLine) -> Iterator[Value]:
    for value in (*_values(line, OF_LINE), *_of_party("delivery", line.ship_to)):
        yield msgspec.structs.replace(value, line=line.number)


def _of_party(which: str, party: Party) -> Iterator[Value]:
    for value in (*_values(party, OF_PERSON), *_values(party.address, OF_ADDRESS)):
        yield msgspec.structs.replace(value, label=f"{which} {value.label}")


def _values(found: object, labels: Mapping[str, str]) -> Iterator[Value]:
    for name, label in labels.items():
        value = getattr(found, name)
        yield Value(label=label, text="" if value is None else str(value).strip())


def with_changes(
    order: Order, known: Mapping[int, KnownLine], decisions: Sequence[LineDecision]
) -> list[LineDecision]:
    """Decisions that say what the shop has changed of lines that were sent. What is the whole order's stands with the
    first line of each submission.
    """
    sents = {one.submission: one.sent_order for one in known.values() if one.sent_order}
    now = {(value.line, value.label): value.text for value in values_of(order)} if sents else {}
    changes: dict[int, tuple[str, ...]] = {}
    for sent in sents.values():
        before = msgspec.json.decode(sent, type=OrderAsSent).order
        for value in values_of(before):
            after = now.get((value.line, value.label), value.text)
            text = f"{value.label} {value.text or '(none)'} became {after or '(none)'}"
            line = value.line or before.lines[0].number
            changes[line] = (*changes.get(line, ()), *([text] if after != value.text else ()))
    return [
        msgspec.structs.replace(one, changes=changes.get(one.line), amended=known[one.line].amended)
        if one.line in known
        else one
        for one in decisions
    ]
