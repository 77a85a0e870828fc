"""From a shop's order to a Tharstern order, and from Tharstern's products to ours. Pure functions."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pycountry
from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Order, OrderLine, Party
from makeready_hooks.model.submission import OrderRequest, Origin, PreparedOrder
from msgspec import UNSET, to_builtins

from makeready_tharstern import wire
from makeready_tharstern.customers import order_customer
from makeready_tharstern.orders.contents import sent_contents
from makeready_tharstern.orders.files import asset
from makeready_tharstern.settings import OrderFact, TharsternSettings

CALLS = 2
"""That a submission makes: the login, and the order."""

ALIASES = {"UK": "GB", "USA": "US", "ENGLAND": "GB", "SCOTLAND": "GB", "WALES": "GB"}
"""What people type and no standard lists."""

COMMON_NAMES = {"GB": "United Kingdom", "US": "United States"}
"""Names as the published sample writes them, whatever a later edition of the list says."""


def prepare_order(request: OrderRequest, settings: TharsternSettings) -> PreparedOrder:
    """The body of ``orders/submit``: one order with the request's lines. Same request, same bytes.

    Raises Refused if the order has no lines, a line has no price, or nobody can be named as its customer.
    """
    order = request.order
    if not order.lines or len(order.lines) != len(request.product_ids):
        raise Refused(f"{request.key} has no lines to send.", fix="Look at the order in the shop.")
    if request.note and "note" not in settings.order_members:
        raise Refused(
            f"{request.key} has a note, and Tharstern has no place for it: {request.note}",
            fix='Name the member for it in the settings of Tharstern: order_members, "note".',
        )
    mapped = _order(request, settings)
    body = to_builtins(mapped, builtin_types=(Decimal,))
    for item, line in zip(body["Items"], order.lines, strict=True):
        if line.carriage:
            names = settings.assumptions
            _put(item, names.item_carrier, line.carriage.carrier if names.item_carrier else "")
            _put(item, names.item_service, line.carriage.service if names.item_service else "")
    for item, estimate in zip(body["Items"], request.estimates, strict=False):
        if estimate and settings.assumptions.order_estimate:
            item[settings.assumptions.order_estimate] = int(estimate) if wire.is_id(estimate) else estimate
    if settings.initial_status:
        body[settings.assumptions.initial_status] = settings.initial_status
    for fact, member in settings.order_members.items():
        _put(body, member, _fact(fact, request, required_date=mapped.required_date))
    payload = wire.encode({"Orders": [body]})
    return PreparedOrder(
        key=request.key,
        payload=payload,
        contents=sent_contents(mapped),
        origins=(order_customer(order, settings, request.customer), *_products(request)),
        deadline_s=CALLS * settings.answer_within_s,
    )


def _fact(fact: OrderFact, request: OrderRequest, *, required_date: str) -> str:
    order = request.order
    if fact == "requested_ship_date":
        return required_date if any(line.required_on for line in order.lines) else ""
    return {
        "po_number": order.po_number,
        "order_number": order.number,
        "payment_method": order.payment_method,
        "cost_centre": order.cost_centre,
        "note": request.note,
    }[fact]


def _put(body: dict[str, Any], member: str, value: str) -> None:
    """Where there is something to be told; the order has its published form else."""
    if not value:
        return
    if member.startswith(wire.ITEM):
        for item in body["Items"]:
            item[member.removeprefix(wire.ITEM)] = value
    else:
        body[member] = value


def _order(request: OrderRequest, settings: TharsternSettings) -> wire.Order:
    order, lines = request.order, request.order.lines
    code = order_customer(order, settings, request.customer).value
    required = min(_required_on(order, line, settings) for line in lines)
    company = settings.company_id or settings.customer_code
    return wire.Order(
        company_id=company if company and settings.assumptions.company_id != "omit" else UNSET,
        unique_submit_order_id=request.key,
        invoice_customer=_customer(code, order.bill_to, settings),
        delivery_customer=_customer(code, lines[0].ship_to, settings),
        required_date=date_text(required),
        order_date=moment_text(order.placed_at, settings.time_zone),
        shipping=_shipping(lines),
        items=tuple(
            _item(order, line, product_id, settings)
            for line, product_id in zip(lines, request.product_ids, strict=True)
        ),
    )


def _products(request: OrderRequest) -> Iterator[Origin]:
    for line, product_id in zip(request.order.lines, request.product_ids, strict=True):
        text = f"The product {product_id} is from the part number {line.part_number} of line {line.number}."
        yield Origin(value=product_id, text=text)


def _customer(code: str, party: Party, settings: TharsternSettings) -> wire.Customer:
    return wire.Customer(
        code=code,
        name=customer_name(party),
        address=_address(party, settings),
        contact=party.full_name,
        contact_email=party.email or None,
    )


def customer_name(party: Party) -> str:
    """``First Last (business)``, with empty brackets where there is no business (seen in the sample)."""
    return f"{party.full_name} ({party.business})"


def _address(party: Party, settings: TharsternSettings) -> wire.Address:
    address = party.address
    return wire.Address(
        address_line1=address.line1 or None,
        address_line2=address.line2 or None,
        address_line3=address.line3 or None,
        city=address.city or None,
        region=address.region or None,
        country=country_text(address.country, settings.country_form) or None,
        postcode=address.postcode or None,
        telephone=party.phone or None,
        fax=party.fax or None,
    )


def country_text(given: str, form: str) -> str:
    """A country as name or code, whichever the shop gave. What is not a country stays as it is."""
    if form == "as-given" or not given.strip():
        return given
    try:
        country = pycountry.countries.lookup(ALIASES.get(given.strip().upper(), given.strip()))
    except LookupError:
        return given
    if form == "code":
        return str(country.alpha_2)
    name = COMMON_NAMES.get(country.alpha_2) or getattr(country, "common_name", None) or country.name
    return str(name)


def _shipping(lines: tuple[OrderLine, ...]) -> wire.Shipping:
    net = sum((line.shipping_net for line in lines), Decimal(0))
    tax = sum((line.shipping_tax for line in lines), Decimal(0))
    rate = (tax * 100 / net).quantize(Decimal("0.01")) if net and tax else Decimal(0)
    return wire.Shipping(
        value=wire.ShippingValue(
            net=plain(net), tax=plain(tax), tax_details=wire.TaxDetails(rate=plain(rate))
        )
    )


def _item(order: Order, line: OrderLine, product_id: str, settings: TharsternSettings) -> wire.Item:
    if line.net is None:
        raise Refused(f"Line {line.number} has no price.", fix="Correct it in the shop.")
    return wire.Item(
        stock_item_id=product_id,
        stock_item_code="",
        description=line.description,
        quantity=line.quantity,
        value=wire.Value(net=plain(line.net), tax=plain(line.tax)),
        required_date=date_text(_required_on(order, line, settings)),
        ref1=settings.line_ref1,
        ref2=order.account_id,
        delivery_address=wire.DeliveryAddress(
            name=customer_name(line.ship_to),
            address=_address(line.ship_to, settings),
            contact=line.ship_to.full_name,
            contact_email=line.ship_to.email or None,
        ),
        chili_document_id=settings.chili_document_id,
        assets=wire.Assets(items=tuple(asset(file) for file in line.files)),
    )


def _required_on(order: Order, line: OrderLine, settings: TharsternSettings) -> date:
    """The day the buyer asked for, else the day of the order."""
    return line.required_on or order.placed_at.astimezone(ZoneInfo(settings.time_zone)).date()


def date_text(day: date) -> str:
    """``2021-11-15T00:00:00`` (seen)."""
    return f"{day.isoformat()}T00:00:00"


def moment_text(moment: datetime, time_zone: str) -> str:
    """``2021-11-15T13:41:13.5``: without a zone, fractions as short as they are (seen)."""
    local = moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    whole, dot, fraction = local.isoformat().partition(".")
    return f"{whole}.{fraction.rstrip('0')}" if dot else whole


def plain(number: Decimal) -> Decimal:
    """The same number as JSON shows it best: 25, not 25.00 or 2.5E+1."""
    shortened = number.normalize()
    return shortened.quantize(Decimal(1)) if shortened == shortened.to_integral_value() else shortened
