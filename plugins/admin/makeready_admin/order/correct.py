"""Values of a rejected order are corrected, beside what the shop shows, and it is sent again."""

from collections.abc import Iterator, Sequence

from makeready.orders.corrections.correct import Correctable, correct_and_send, find_correctable
from makeready.orders.corrections.model import CUSTOMER, Correction
from makeready.orders.corrections.rules import correctable, words_for
from makeready_hooks.errors import ConfigError
from makeready_hooks.names import in_path
from msgspec import Struct, structs
from starlette.responses import Response

from makeready_admin.orders.decisions import decided, decision_of
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

FIRST = (CUSTOMER, "po_number", "cost_centre")


class Field(Struct, frozen=True, kw_only=True):
    """A value in the form: one, or the same of several lines."""

    corrections: tuple[Correction, ...]
    why: str = ""
    """Why the MIS cannot hold it; empty if it can, as far as is known."""

    @property
    def one(self) -> Correction:
        return self.corrections[0]

    @property
    def name(self) -> str:
        return f"{'+'.join(str(each.line) for each in self.corrections)}.{self.one.member}"

    @property
    def label(self) -> str:
        """Without the address whose part it is: the group says that."""
        return (
            words_for(self.one)
            .partition(" of the delivery address")[0]
            .partition(" of the invoice address")[0]
        )


class Group(Struct, frozen=True, kw_only=True):
    title: str
    fields: tuple[Field, ...]
    is_open: bool = False


async def show(visit: Visit) -> Response:
    key = visit.part("key")
    asked = await visit.ask(
        "correct", key, question=lambda: find_correctable(visit.installation, decision_of(visit))
    )
    return await visit.page_with_part(
        "correct.html",
        asked.waiting,
        asked=asked,
        key=key,
        groups=groups_of(asked.value) if asked.value else (),
        at=f"{visit.home}/submissions/{in_path(key)}",
    )


def groups_of(found: Correctable) -> list[Group]:
    """What the MIS cannot hold first, then what is corrected most; the rest is folded."""
    fields = list(_fields(found))
    misfits = tuple(one for one in fields if one.why)
    rest = [one for one in fields if not one.why]
    groups = [
        Group(title=_("What the MIS cannot hold"), fields=misfits, is_open=True),
        Group(title=_("Order"), fields=_of(rest, *FIRST), is_open=True),
        *_deliveries(rest, is_open=not misfits),
        Group(title=_("Invoice address"), fields=_of(rest, "bill_to.")),
        Group(title=_("Other values of the order"), fields=_of(rest, "payment_method", "buyer.")),
        Group(title=_("Lines"), fields=_of(rest, "description", "options", "notes", "shipping_method")),
    ]
    return [one for one in groups if one.fields]


def _of(fields: Sequence[Field], *begins: str) -> tuple[Field, ...]:
    return tuple(one for one in fields if one.one.member.startswith(begins))


def _deliveries(fields: Sequence[Field], *, is_open: bool) -> Iterator[Group]:
    by_lines: dict[tuple[int, ...], list[Field]] = {}
    for one in _of(fields, "ship_to."):
        by_lines.setdefault(tuple(each.line for each in one.corrections), []).append(one)
    for lines, found in by_lines.items():
        title = _("Delivery address") if len(by_lines) == 1 else _("Delivery address of line %(lines)s")
        told = title % {"lines": ", ".join(map(str, lines))} if len(by_lines) > 1 else title
        yield Group(title=told, fields=tuple(found), is_open=is_open)


def _fields(found: Correctable) -> Iterator[Field]:
    """Lines that go to one address share its fields."""
    together: dict[tuple[object, ...], list[Correction]] = {}
    to = {line.number: line.ship_to for line in found.order.lines}
    for one in correctable(found.order, found.mis, found.corrections):
        shared = to[one.line] if one.member.startswith("ship_to.") else one.line
        together.setdefault((one.member, one.value, shared), []).append(one)
    limits = {one.member: one for one in found.limits}
    for alike in together.values():
        limit = limits.get(alike[0].member)
        yield Field(corrections=tuple(alike), why=limit.why(alike[0].value) if limit else "")


async def correct(visit: Visit) -> Response:
    found = await find_correctable(visit.installation, decision_of(visit))
    wanted = list(_wanted(visit, found))
    if not wanted:
        raise ConfigError(
            "Nothing was corrected: every value is as it was.",
            field="value",
            fix="Change a value, or go back and send the order again as it is.",
        )
    await correct_and_send(visit.installation, decision_of(visit), wanted)
    labels = ", ".join(dict.fromkeys(map(words_for, wanted)))
    return await decided(
        visit,
        _("Corrected (%(labels)s). %(key)s is sent again now.")
        % {"labels": labels, "key": visit.part("key")},
    )


def _wanted(visit: Visit, found: Correctable) -> Iterator[Correction]:
    """What the form says otherwise than it would be sent; with what the person has seen in the shop."""
    for one in _fields(found):
        value, seen = visit.form.text(f"value.{one.name}"), visit.form.raw(f"was.{one.name}")
        if f"value.{one.name}" in visit.form.fields and value != one.one.value:
            yield from (structs.replace(each, value=value, was=seen) for each in one.corrections)


ONE = "/subscribers/{subscriber}/submissions/{key}/correct"

PAGES = (
    page(ONE, Needs.CHANGE, show),
    form(ONE, Needs.CHANGE, correct, "orders correct", target="key"),
)
