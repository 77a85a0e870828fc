"""Lists: ``Details.TotalItemCount`` and ``Details.Items`` (seen S2), on pages whose names are assumed."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.replies import Answer, InvalidRequest, success

T = TypeVar("T")
_ID = re.compile("[0-9]{1,9}")


def listing(site: Site, call: Call, rows: Sequence[T], write: Callable[[T], dict[str, Any]]) -> Answer:
    """One page of the rows. Nothing found is a success with a count of 0 (seen S2)."""
    number = _asked(site, call, "page-number-name") or 1
    size, start = _window(site, number, _asked(site, call, "page-size-name"))
    shown = rows[start : start + size] if size else rows
    details: dict[str, Any] = {"TotalItemCount": len(rows)}
    if site.switches.on("page-members"):
        pages = -(-len(rows) // size) if size else 1
        details |= {
            site.names["page.count"]: pages,
            site.names["page.number"]: number,
            site.names["page.size"]: size or len(rows),
        }
    details["Items"] = [write(row) for row in shown]
    return success(details)


def _window(site: Site, number: int, asked: int | None) -> tuple[int, int]:
    """Size and start of a page. A size of 0 is everything.

    A page size that changes while a client turns the pages makes items go missing or come twice.
    """
    switches = site.switches
    size = min(asked, switches.whole("page-size-limit")) if asked else switches.whole("page-size")
    if number > 1 and (later := switches.whole("page-size-later")):
        size = later
    return size, (number - 1) * size


def _asked(site: Site, call: Call, switch: str) -> int | None:
    name = site.switches.text(switch)
    value = call.query.one(name) if name else None
    if value is None:
        return None
    if not _ID.fullmatch(value) or int(value) < 1:
        raise InvalidRequest({name: [f"The value '{value}' is not valid."]})
    return int(value)


def whole_numbers(name: str, values: list[str]) -> set[int]:
    """Ids of a filter. Throws a 400 for what is no number."""
    wrong = [value for value in values if not _ID.fullmatch(value)]
    if wrong:
        raise InvalidRequest({name: [f"The value '{value}' is not valid." for value in wrong]})
    return {int(value) for value in values}
