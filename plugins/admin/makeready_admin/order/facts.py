"""What a buyer told with an order, as people call it. Pure."""

from collections.abc import Iterable, Iterator

from makeready_hooks.model.order import Order, Party
from makeready_hooks.model.submission import ResolvedId

from makeready_admin.languages.formats import day, money_text
from makeready_admin.web.texts import gettext as _

Fact = tuple[str, str]


def facts_of(order: Order) -> list[Fact]:
    """What the shop tells of it in a line; what it does not tell is not there."""
    dates = sorted({line.required_on for line in order.lines if line.required_on})
    told = (
        (_("PO number"), order.po_number),
        (_("order number in the shop"), order.number),
        (_("requested ship date"), ", ".join(map(day, dates))),
        (_("payment method"), order.payment_method),
        (_("cost centre"), order.cost_centre),
    )
    return [(label, text) for label, text in told if text.strip()]


def details_of(order: Order) -> list[Fact]:
    """Who ordered what for where and how much, a line each."""
    return [(label, text) for label, text in _details(order) if text.strip()]


def _details(order: Order) -> Iterator[Fact]:
    buyer = f"{order.buyer.first_name} {order.buyer.last_name}".strip() or order.bill_to.full_name
    yield _("Ordered by"), _together(buyer, order.buyer.email or order.bill_to.email, order.bill_to.phone)
    yield _("Customer"), _together(order.bill_to.business, order.buyer.department)
    yield _("PO number"), order.po_number
    for to, lines in _deliveries(order).items():
        of_lines = _(" (line %(lines)s)") % {"lines": ", ".join(map(str, lines))}
        yield _("Deliver to") + (of_lines if len(_deliveries(order)) > 1 else ""), address_text(to)
    yield _("Invoice to"), address_text(order.bill_to)
    days = sorted({line.required_on for line in order.lines if line.required_on})
    yield _("Wanted by"), ", ".join(map(day, days))
    yield _("Shipping"), ", ".join(dict.fromkeys(line.shipping_method for line in order.lines))
    totals, currency = order.totals, order.currency
    for label, amount in (
        (_("Goods"), totals.subtotal),
        (_("Discount"), totals.discount or None),
        (_("Shipping cost"), totals.shipping),
        (_("Tax"), totals.tax),
        (_("Total"), totals.total),
    ):
        yield label, "" if amount is None else money_text(amount, currency)
    yield _("Payment"), order.payment_method
    yield _("Cost centre"), order.cost_centre


def _deliveries(order: Order) -> dict[Party, list[int]]:
    found: dict[Party, list[int]] = {}
    for line in order.lines:
        found.setdefault(line.ship_to, []).append(line.number)
    return found


def address_text(party: Party) -> str:
    """On one line, as on an envelope."""
    at = party.address
    town = f"{at.postcode} {at.city}".strip()
    parts = (party.business, party.full_name, at.line1, at.line2, at.line3, town, at.region, at.country)
    return ", ".join(part.strip() for part in parts if part and part.strip())


def _together(*texts: str | None) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))


def ids_of(resolved: Iterable[ResolvedId]) -> list[Fact]:
    """What went under the MIS's own ids, and how each was found."""
    return [(_("%(kind)s in the MIS") % {"kind": one.kind}, f"{one.id}, {one.text}") for one in resolved]
