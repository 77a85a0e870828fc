"""Whether what the shop shows of a line can be an order at all: amounts and quantities. Pure.

A price that is missing is not a price of zero, and nothing that the MIS makes costs less than nothing.
"""

from collections.abc import Iterator, Sequence

from makeready_hooks.model.order import OrderLine

WAYS_OUT = "Correct it in the shop, then it goes by itself; or say that it shall not be sent."


def why_unfit(lines: Sequence[OrderLine]) -> str:
    """Why lines that go together cannot go, for people; "" if they can."""
    faults = [f"line {line.number}: {fault}" for line in lines for fault in _faults(line)]
    return f"What the shop gives cannot be sent ({'; '.join(faults)}). {WAYS_OUT}" if faults else ""


def _faults(line: OrderLine) -> Iterator[str]:
    if line.net is None:
        yield "no price"
    amounts = {"price": line.net, "tax": line.tax, "shipping": line.shipping_net, "quantity": line.quantity}
    for name, amount in (amounts | {"tax of the shipping": line.shipping_tax}).items():
        if amount is not None and amount < 0:
            yield f"a {name} of {amount}"
    for part in line.parts:
        if part.quantity < 0:
            yield f"a quantity of {part.quantity} of the part {part.description or part.part_number}"
        if part.net < 0:
            yield f"a price of {part.net} of the part {part.description or part.part_number}"
