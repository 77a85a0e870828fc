"""What corrections make of an order. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from makeready_hooks.errors import ConfigError
from makeready_hooks.model.limits import LINE_MEMBERS, ORDER_MEMBERS, with_member
from makeready_hooks.model.order import Order
from msgspec import structs

from makeready.orders.corrections.model import CUSTOMER, Correction
from makeready.orders.model import KnownLine

LONGEST = 1000


def corrections_of(known: Mapping[int, KnownLine]) -> tuple[Correction, ...]:
    """Of all lines of an order, each once."""
    return tuple(dict.fromkeys(one for line in known.values() for one in line.corrections))


def correctable(order: Order, mis: str, corrections: Iterable[Correction]) -> Iterator[Correction]:
    """All values that can be corrected, each with what the shop shows and what is to be sent now."""
    made = {(one.line, one.member, one.mis): one for one in holding(order, corrections)}
    if mis:
        yield _as_corrected(order, Correction(member=CUSTOMER, mis=mis, value=""), made)
    for member in ORDER_MEMBERS:
        yield _as_corrected(order, Correction(member=member, value=""), made)
    for line in order.lines:
        for member in LINE_MEMBERS:
            yield _as_corrected(order, Correction(line=line.number, member=member, value=""), made)


def _as_corrected(
    order: Order, one: Correction, made: Mapping[tuple[int, str, str], Correction]
) -> Correction:
    shown = shown_value(order, one) or ""
    return made.get((one.line, one.member, one.mis), structs.replace(one, was=shown, value=shown))


def shown_value(order: Order, correction: Correction) -> str | None:
    """What the shop shows there; "" for a customer's code. None if it has no such line."""
    if correction.member == CUSTOMER:
        return ""
    lines = (line for line in order.lines if line.number == correction.line)
    holder = next(lines, None) if correction.line else order
    return None if holder is None else attrgetter(correction.member)(holder) or ""


def holding(order: Order, corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Those that were made of what the shop shows still."""
    return tuple(one for one in corrections if shown_value(order, one) == one.was)


def corrected(order: Order, corrections: Iterable[Correction]) -> Order:
    """The order as it is to be sent. What does not hold changes nothing."""
    for one in holding(order, corrections):
        if one.line:
            lines = [
                with_member(line, one.member, one.value) if line.number == one.line else line
                for line in order.lines
            ]
            order = structs.replace(order, lines=tuple(lines))
        elif one.member != CUSTOMER:
            order = with_member(order, one.member, one.value)
    return order


def corrected_customer(mis: str, corrections: Iterable[Correction]) -> str:
    """The code that a person has said for this MIS; "" for what the connector's rule gives."""
    return next((one.value for one in corrections if one.member == CUSTOMER and one.mis == mis), "")


def told(order: Order, corrections: Iterable[Correction]) -> tuple[str, ...]:
    """What was corrected, and what does not hold any more, for people. Lines that share a correction share its text."""
    texts = []
    for one in corrections:
        shown, words = shown_value(order, one), words_for(one)
        if shown == one.was:
            before = f' instead of "{one.was}"' if one.was else ""
            texts.append(f'{words} "{one.value}"{before}: corrected by {one.actor}.')
        elif shown is not None:
            texts.append(
                f'{words}: it was corrected to "{one.value}" while the shop showed "{one.was}"; the shop shows "{shown}" '
                "now, and that is sent."
            )
    return tuple(dict.fromkeys(texts))


def words_for(one: Correction) -> str:
    """As people call the value: *Line 1 of the delivery address*."""
    if one.member == CUSTOMER:
        return "Customer code"
    words = (LINE_MEMBERS if one.line else ORDER_MEMBERS)[one.member]
    return words[:1].upper() + words[1:]


def check(corrections: Sequence[Correction]) -> None:
    """Raises ConfigError for what cannot be corrected."""
    for one in corrections:
        known = LINE_MEMBERS if one.line else {**ORDER_MEMBERS, CUSTOMER: ""}
        if one.member not in known:
            fix = f"Name one of: {', '.join(known)}."
            raise ConfigError(f"{one.member} cannot be corrected.", field=f"values.{one.member}", fix=fix)
        if len(one.value) > LONGEST or not one.value.isprintable():
            raise ConfigError(
                f"{words_for(one)}: this is too long, or has characters that cannot be shown.",
                field=f"values.{one.member}",
                fix=f"Give one line of at most {LONGEST} characters.",
            )
