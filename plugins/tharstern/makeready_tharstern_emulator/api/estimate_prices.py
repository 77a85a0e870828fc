"""What an estimate costs: setup, a price per piece, dearer papers and more pages, extra processes."""

from decimal import ROUND_HALF_UP, Decimal

from makeready_tharstern_emulator.state.records import Part, ProductType
from makeready_tharstern_emulator.wire.bodies import Members

_CENT = Decimal("0.01")


class CannotEstimate(Exception):
    """The reasons, each one entry of ``Problems``."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def price_of(kind: ProductType, request: Members, quantity: int) -> Decimal:
    """Total net price, two decimals. Raises CannotEstimate for parts or processes the type does not have."""
    if not kind.can_be_estimated:
        raise CannotEstimate(f"{kind.name} cannot be estimated through the API.")
    each = kind.unit_price
    for part in request.each("Parts"):
        each *= _factor(kind, part)
    total = kind.setup + each * quantity
    for process in request.each("Processes"):
        total += _process(kind, process, quantity)
    return total.quantize(_CENT, ROUND_HALF_UP)


def _factor(kind: ProductType, given: Members) -> Decimal:
    """By what a part as asked for is dearer than the usual one."""
    id_ = given.whole("ProductTypePartId")
    part = next((part for part in kind.parts if part.id == id_), None)
    if part is None:
        raise CannotEstimate(f"Product type part {id_} was not found.")
    pages = given.whole("Pages")
    return (
        _paper(part, given.text("PaperCode")) * Decimal(part.pages if pages is None else pages) / part.pages
    )


def _paper(part: Part, code: str) -> Decimal:
    if not code:
        return Decimal(1)
    for paper in part.papers:
        if paper.code.lower() == code.lower():
            return paper.factor
    raise CannotEstimate(f"Paper {code} is not known for {part.name}.")


def _process(kind: ProductType, given: Members, quantity: int) -> Decimal:
    id_ = given.whole("ProcessTypeID")
    for process in kind.processes:
        if process.id == id_:
            return process.setup + process.unit_price * quantity
    raise CannotEstimate(f"Process type {id_} was not found.")
