"""What of an order the members of its MIS cannot hold, and what becomes of that by the subscriber's rule. Pure."""

from collections.abc import Sequence

from makeready_hooks.errors import Refused
from makeready_hooks.model.limits import LINE_MEMBERS, ORDER_MEMBERS, Limit, Misfit, fit
from makeready_hooks.model.submission import OrderRequest
from msgspec import structs

from makeready.subscribers.model import Subscriber


def why_too_long(subscriber: Subscriber, mis: str, limits: Sequence[Limit], request: OrderRequest) -> str:
    """Why a person has to look at it before it goes to this MIS, for people; "" if it goes by itself."""
    may_shorten = subscriber.orders.too_long_for(mis) != "wait"
    waits = [one for one in _fit(limits, request)[1] if not (may_shorten and one.fitted)]
    if not waits:
        return ""
    told = "; ".join(f"{one.words}: {_quoted(one.value)}, {one.why}" for one in waits)
    return (
        f"{mis} cannot take what the shop gives ({told}). Correct it in the shop, then it goes by itself; or say in the "
        "setting orders.too_long what becomes of such texts; or say that it shall not be sent."
    )


def shortened(
    subscriber: Subscriber, mis: str, limits: Sequence[Limit], request: OrderRequest
) -> tuple[OrderRequest, tuple[str, ...]]:
    """As the MIS can hold it, and what was shortened for that, for people. Same request, same answer.

    Raises Refused if a person has to look at it.
    """
    if why := why_too_long(subscriber, mis, limits, request):
        raise Refused(why)
    fitting, misfits = _fit(limits, request)
    if misfits and subscriber.orders.too_long_for(mis) == "note":
        whole = (f"{_capital(one.words)}: {one.value}" for one in misfits)
        fitting = structs.replace(fitting, note="\n".join(filter(None, (request.note, *whole))))
    return fitting, tuple(
        f"{_capital(one.words)} {_quoted(one.value)} is shortened to {_quoted(one.fitted)} for {mis}: {one.why}."
        for one in misfits
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _quoted(text: str) -> str:
    return f'"{text}"' if text.strip() else "nothing"


def _fit(limits: Sequence[Limit], request: OrderRequest) -> tuple[OrderRequest, tuple[Misfit, ...]]:
    """A kit's parts are lines of one number: what they share is told once."""
    lines = []
    order, found = fit(request.order, limits, ORDER_MEMBERS)
    for line in order.lines:
        fitting, misfits = fit(line, limits, LINE_MEMBERS)
        lines.append(fitting)
        found += tuple(one._replace(words=f"{one.words} (line {line.number})") for one in misfits)
    return structs.replace(request, order=structs.replace(order, lines=tuple(lines))), tuple(
        dict.fromkeys(found)
    )
