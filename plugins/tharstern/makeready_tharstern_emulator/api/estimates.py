"""``estrequest`` and ``estimates``: prices of what is made to order. Every question leaves a record."""

from datetime import UTC, datetime, timedelta
from typing import Any

from makeready_tharstern_emulator.api.estimate_prices import CannotEstimate, price_of
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import Estimate, Part, ProductType
from makeready_tharstern_emulator.wire.bodies import Members, read_body
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.lists import listing, whole_numbers
from makeready_tharstern_emulator.wire.replies import (
    NO_PROBLEMS,
    Answer,
    InvalidRequest,
    failure,
    problems,
    success,
)

_PARAMETER = "estRequestProduct"
"""The name in ModelState (seen S2)."""


def example(site: Site, call: Call) -> Answer:
    """``EstRequest/{productTypeId}/Example``: a request with defaults, to edit and post (S3, S5f)."""
    number = whole_numbers("productTypeId", [call.arguments[0]]).pop()
    kind = site.world.product_types.get(number)
    if kind is None:
        return problems([f"Product type {number} was not found."])
    return success(_example_of(kind))


def _example_of(kind: ProductType) -> dict[str, Any]:
    return {
        "Title": kind.name,
        "ProductTypeId": kind.id,
        "Quantity": kind.quantity,
        "RequiredDateTime": f"{datetime.now(UTC) + timedelta(days=7):%d-%b-%y}",
        "JobType": None,
        "Ref1": None,
        "Ref2": None,
        "FinishedSize": {"Code": kind.size},
        "Orientation": {"Value": 0, "EnumType": "OrientationEnum"},
        "Customer": None,
        "DeliveryCustomer": None,
        "Processes": [],
        "Parts": [_example_part(part, kind.size) for part in kind.parts],
    }


def _example_part(part: Part, size: str) -> dict[str, Any]:
    paper = part.papers[0] if part.papers else None
    return {
        "ProductTypePartId": part.id,
        "Name": part.name,
        "Pages": part.pages,
        "PaperCode": paper.code if paper else None,
        "GSM": paper.gsm if paper else None,
        "FinishedSize": {"Code": size},
        "FrontProcess": True,
        "BackProcess": part.pages > 1,
        "Processes": [],
    }


def create(site: Site, call: Call) -> Answer:
    """``POST estrequest``: prices, and leaves an estimate behind (seen S2, S3, S5b)."""
    request = read_body(call.body, _PARAMETER)
    kind_id, quantity = request.whole("ProductTypeId"), _quantity(request)
    request.date("RequiredDateTime")
    if kind_id is None:
        request.complain("ProductTypeId", "The ProductTypeId field is required.")
    request.check()
    return _estimate(site, call, request, quantity)


def _quantity(request: Members) -> int:
    quantity = request.whole("Quantity") or 0
    if quantity < 1:
        request.complain("Quantity", "Quantity must be above zero.")
    return quantity


def _estimate(site: Site, call: Call, request: Members, quantity: int) -> Answer:
    kind = site.world.product_types.get(request.whole("ProductTypeId"))
    if kind is None:
        return problems([f"Product type {request.whole('ProductTypeId')} was not found."])
    try:
        price = price_of(kind, request, quantity)
    except CannotEstimate as exc:
        return problems(exc.reasons)
    title = request.text("Title") or kind.name
    request.check()
    id_ = site.world.estimates.next_id()
    row = Estimate(
        id=id_,
        ref=f"E{id_:07d}",
        title=title,
        product_type=kind.id,
        quantity=quantity,
        total_price=price,
        request=request.given,
    )
    site.world.estimates.put(row)
    call.did("estimate created", id=row.id, ref=row.ref, title=row.title)
    if "estimate-false" in call.faults:
        # Seen S4: failure is reported although the estimate exists.
        return failure("The estimate could not be completed.", member=site.names["status.message"])
    return success({"Estimate": _write(site, row), **NO_PROBLEMS})


def _write(site: Site, row: Estimate) -> dict[str, Any]:
    """``ID`` and ``EstimateRef`` first: a public client cuts them out of the text (S3)."""
    return {
        "ID": row.id,
        "EstimateRef": row.ref,
        "Title": row.title,
        "Quantity": row.quantity,
        site.names["estimate.price"]: row.total_price,
    }


def find(site: Site, call: Call) -> Answer:
    """``estimates`` by ``id[n]``, ``estimateRef[n]`` (S2) or ``keyword``: anywhere in the title (S4)."""
    world, query = site.world, call.query
    ids, refs, keyword = query.many("id"), query.many("estimateRef"), query.one("keyword")
    rows = list(world.estimates.all())
    if ids is not None:
        rows = [row for id_ in sorted(whole_numbers("id", ids)) if (row := world.estimates.get(id_))]
    if refs is not None:
        wanted = {ref.lower() for ref in refs}
        rows = [row for row in rows if row.ref.lower() in wanted]
    if keyword is not None:
        rows = [row for row in rows if keyword.lower() in row.title.lower()]
    return listing(site, call, rows, lambda row: _write(site, row))


def create_from_existing(site: Site, call: Call) -> Answer:
    """``?estimateId=&quantity=`` with an empty body: the same work in another quantity (seen S2)."""
    old = site.world.estimates.get(_argument(call, "estimateId"))
    quantity = _argument(call, "quantity")
    if old is None:
        return problems([f"Estimate {call.query.one('estimateId')} was not found."])
    return _estimate(site, call, Members(_PARAMETER, {**old.request, "Quantity": quantity}, {}), quantity)


def _argument(call: Call, name: str) -> int:
    """A query argument above zero. Throws a 400 without one."""
    number = whole_numbers(name, [call.query.one(name) or ""]).pop()
    if number < 1:
        raise InvalidRequest({name: [f"The value '{number}' is not valid."]})
    return number
