"""What an MIS was sent, value by value: what the shop shows, by which rule it goes, what went. Pure."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

import msgspec
from makeready.orders.corrections.model import Correction
from makeready.orders.corrections.rules import words_for
from makeready.orders.model import OrderAsSent
from makeready_hooks.model.limits import LINE_MEMBERS, ORDER_MEMBERS
from makeready_hooks.model.order import Order
from msgspec import Struct

from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

MOST_ROWS = 200
AMOUNTS = {
    "quantity": marked("quantity"),
    "net": marked("price"),
    "discount": marked("discount"),
    "tax": marked("tax"),
    "shipping_net": marked("shipping cost"),
    "shipping_tax": marked("tax of the shipping"),
}
PARTS_OF_A_NAME = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_.-]+")


class SentValue(Struct, frozen=True, kw_only=True):
    """A value that went."""

    place: str
    """*Invoice Customer / Code*, from the payload's own names."""
    value: str
    shop: str = ""
    """Under which names the shop shows this value; empty if it does not."""
    rule: str = ""
    """What made it, for people; empty if it goes as the shop shows it, or if nothing is known of it."""
    setting: str = ""
    """Of the connector, that says so."""


def sent_values(shown: OrderAsSent, payload: bytes) -> list[SentValue]:
    """In the payload's order; none for a payload that is no JSON. What is empty is left out."""
    try:
        content = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return []
    names = _shop_values(shown.order)
    origins = {one.value: one for one in shown.origins if one.value}
    rows = []
    for place, value in _leaves(content, ()):
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        if not text.strip() or text == "null":
            continue
        origin = origins.get(text)
        shop = names.get(_alike(value), ())
        rows.append(
            SentValue(
                place=" / ".join(place),
                value=text,
                shop=_(" or ").join(shop) if len(shop) <= 2 else "",
                rule=origin.text if origin else "",
                setting=origin.setting if origin else "",
            )
        )
    return rows[:MOST_ROWS]


def _leaves(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*place, _readable(str(name))))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, (*place, str(number)) if len(value) > 1 else place)
    else:
        yield place, value


def _readable(name: str) -> str:
    return " ".join(filter(None, PARTS_OF_A_NAME.split(name)))


def _shop_values(order: Order) -> Mapping[object, tuple[str, ...]]:
    """By value, what people call the places at which the shop shows it."""
    found: dict[object, list[str]] = {}

    def note(value: object, label: str) -> None:
        if value not in (None, "", 0, False) and label not in found.setdefault(_alike(value), []):
            found[_alike(value)].append(label)

    note(order.number, _("order number"))
    note(order.site, _("site"))
    note(order.buyer.id, _("the shop's id of the buyer"))
    note(order.placed_at.date().isoformat(), _("date of the order"))
    for member in ORDER_MEMBERS:
        note(attrgetter(member)(order), words_for(Correction(member=member, value="")))
    for line in order.lines:
        for member in LINE_MEMBERS:
            note(attrgetter(member)(line), words_for(Correction(line=line.number, member=member, value="")))
        for member, label in AMOUNTS.items():
            note(getattr(line, member), _(label))
        note(line.part_number, _("part number"))
        note(line.required_on.isoformat() if line.required_on else "", _("wanted date"))
        for file in line.files:
            note(file.url, _("address of %(file)s") % {"file": file.file_name})
            note(file.file_name, _("file name"))
    return {value: tuple(labels) for value, labels in found.items()}


def _alike(value: object) -> object:
    """Numbers are the same however they are written: 36.75, ``"36.750"``."""
    if isinstance(value, bool):
        return value
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return str(value).strip()
