"""Reading an order out of a submission, and deciding if the site takes it."""

import time
from decimal import Decimal

from msgspec import Struct

from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import File, Job, Order, OrderLine
from makeready_tharstern_emulator.state.world import order_number
from makeready_tharstern_emulator.wire.addresses import country_problem, read_address
from makeready_tharstern_emulator.wire.bodies import Members
from makeready_tharstern_emulator.wire.calls import Call

_ZERO = Decimal(0)


class Refused(Exception):
    """The text that goes into ``StatusDetails``, beside ID 0."""


class Draft(Struct, kw_only=True):
    """An order as it was submitted: without an id yet, its files not yet fetched."""

    order: Order
    files: list[tuple[int, str, str]]
    """Line from 1, file name, address."""
    customer_given: bool


def read_drafts(body: Members) -> list[Draft]:
    """The orders of a submission. Throws a 400 if a member has the wrong kind, or there is no order."""
    given = body.each("Orders")
    if not given:
        body.complain("Orders", "The Orders field is required.")
    drafts = [_read_order(order) for order in given]
    body.check()
    return drafts


def _read_order(given: Members) -> Draft:
    customer, delivery = given.inside("InvoiceCustomer"), given.inside("DeliveryCustomer")
    items = given.each("Items")
    shipping = given.inside("Shipping").inside("Value")
    order = Order(
        id=0,
        number="",
        unique_id=given.text("UniqueSubmitOrderID"),
        company_id=given.text("CompanyID"),
        customer_code=customer.text("Code"),
        customer_name=customer.text("Name"),
        customer_address=read_address(customer.inside("Address")),
        delivery_name=delivery.text("Name"),
        delivery_address=read_address(delivery.inside("Address")),
        required_date=given.date("RequiredDate"),
        order_date=given.date("OrderDate"),
        ref1=given.text("Ref1"),
        ref2=given.text("Ref2"),
        shipping_net=shipping.money("Net") or _ZERO,
        shipping_tax=shipping.money("Tax") or _ZERO,
        lines=[_read_line(item) for item in items],
    )
    return Draft(order=order, files=_read_files(items), customer_given=customer.has("Code"))


def _read_line(item: Members) -> OrderLine:
    value = item.inside("Value")
    delivery = item.inside("DeliveryAddress")
    return OrderLine(
        stock_item_id=item.whole("StockItemID") or 0,
        description=item.text("Description"),
        quantity=item.whole("Quantity") or 0,
        estimate_id=item.whole("EstimateID") or None,
        net=value.money("Net"),
        tax=value.money("Tax"),
        ref1=item.text("Ref1"),
        ref2=item.text("Ref2"),
        required_date=item.date("RequiredDate"),
        delivery_name=delivery.text("Name"),
        delivery_address=read_address(delivery.inside("Address")),
    )


def _read_files(items: list[Members]) -> list[tuple[int, str, str]]:
    return [
        (line, asset.text("Filename"), asset.text("Content_URL"))
        for line, item in enumerate(items, start=1)
        for asset in item.inside("Assets").each("Items")
    ]


def accept(site: Site, call: Call, draft: Draft) -> Order:
    """Enter an order into the site. Raises Refused, with nothing changed, if it cannot be."""
    order = draft.order
    known = site.world.orders.find(order.unique_id)
    mode = site.switches.text("duplicate-orders")
    if known and mode == "same-id":
        call.did("order recognised", id=known[0].id, reference=order.unique_id)
        return known[0]
    if known and mode == "refuse":
        raise Refused(f"Order {order.unique_id} was submitted before.")
    _check_head(site, draft)
    for line in order.lines:
        _check_line(site, line)
    return _enter(site, call, draft)


def _check_head(site: Site, draft: Draft) -> None:
    """The members of the smallest order that is known to be taken (seen S3) must be there."""
    order = draft.order
    required = {
        "UniqueSubmitOrderID": order.unique_id,
        "InvoiceCustomer.Code": draft.customer_given,
        "RequiredDate": order.required_date,
        "OrderDate": order.order_date,
        "Items": order.lines,
    }
    missing = [name for name, value in required.items() if not value]
    if missing:
        raise Refused(f"{', '.join(missing)} is missing.")
    customer = site.world.customers.first(order.customer_code.lower())
    if customer is None and site.switches.on("strict-customer"):
        raise Refused(f"Customer {order.customer_code} was not found.")
    if customer and customer.on_stop:
        raise Refused(f"Customer {customer.code} is on stop.")
    if order.delivery_address and (
        problem := country_problem(order.delivery_address, site.switches.text("strict-country"))
    ):
        raise Refused(problem)


def _check_line(site: Site, line: OrderLine) -> None:
    product = site.world.products.get(line.stock_item_id)
    if product is None:
        raise Refused(f"Stock item {line.stock_item_id} was not found.")
    if line.quantity < 1:
        raise Refused(f"The quantity of stock item {line.stock_item_id} must be above zero.")
    if line.estimate_id and not site.world.estimates.get(line.estimate_id):
        raise Refused(f"Estimate {line.estimate_id} was not found.")
    if product.product_type and not line.estimate_id and site.switches.on("estimate-required"):
        raise Refused(f"Stock item {line.stock_item_id} is made to order and needs an estimate.")


def _enter(site: Site, call: Call, draft: Draft) -> Order:
    order, orders = draft.order, site.world.orders
    order.id = orders.next_id()
    order.number = order_number(order.id)
    order.status = site.switches.text("initial-status")
    order.saved_at = time.time()
    orders.put(order)
    call.did("order created", id=order.id, number=order.number, reference=order.unique_id)
    for line in order.lines:
        _start_line(site, call, order, line)
    for line_number, name, url in draft.files:
        _send_for(site, call, order, line_number, name, url)
    return order


def _start_line(site: Site, call: Call, order: Order, line: OrderLine) -> None:
    """A line with an estimate becomes a job; a plain one allocates stock (both assumed)."""
    if line.estimate_id:
        add_job(site, call, line.description, line.quantity, estimate_id=line.estimate_id, order=order)
        return
    product = site.world.products.rows[line.stock_item_id]
    if not product.product_type and site.switches.on("allocate-stock"):
        product.allocated += line.quantity
        site.world.products.put(product)


def add_job(
    site: Site, call: Call, title: str, quantity: int, *, estimate_id: int, order: Order | None = None
) -> Job:
    """Make a job out of an estimate; for an order line, it carries the order's references."""
    id_ = site.world.jobs.next_id()
    job = Job(id=id_, number=f"J{id_:07d}", title=title, quantity=quantity, estimate_id=estimate_id)
    if order:
        job.order_id, job.ref1, job.ref2 = order.id, order.ref1, order.ref2
        job.required_date = order.required_date
    site.world.jobs.put(job)
    call.did("job created", id=job.id, number=job.number, estimate=estimate_id)
    return job


def _send_for(site: Site, call: Call, order: Order, line: int, name: str, url: str) -> None:
    files = site.world.files
    file = File(id=files.next_id(), owner=f"order:{order.id}", line=line, name=name, url=url)
    if not url:
        file.error = "not fetched: there is no Content_URL"
    files.put(file)
    if url:
        site.artwork.send_for(file, call)
