"""What needs attention, grouped by cause: one decision for a group; who sees to it, notes, and what rests until later."""

from collections.abc import Mapping, Sequence

from makeready.orders.decisions import WAITING, Decision, send_again
from makeready.orders.model import LineState
from makeready.times import midnight
from makeready_hooks.errors import ConfigError, MakereadyError
from starlette.responses import Response

from makeready_admin.activity.schedule import titles
from makeready_admin.inbox.groups import Group, chosen, groups_of
from makeready_admin.inbox.groups import Waiting as WaitingOrder
from makeready_admin.inbox.marks import marks_of
from makeready_admin.inbox.store import MOST_ALIKE, waiting_of
from makeready_admin.inbox.waiting import assign, file_dealt_with, line_dealt_with, note, snooze
from makeready_admin.live.pages import watch_address
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import ngettext

SHOWN = 50
"""Of each kind; of the orders, over all groups."""
LOOKED = "looked"
"""The field in which a person says that the MIS does not have what is unconfirmed."""
REST_DAYS: Mapping[str, int] = {"1": 1, "3": 3, "7": 7}


async def inbox(visit: Visit) -> Response:
    store = visit.installation.store
    groups, resting = await _groups(visit)
    opened = visit.query("group")
    return await visit.page(
        "inbox.html",
        counts=await store.attention.counts(visit.subscriber.name),
        found=await waiting_of(store).find(visit.subscriber.name, SHOWN),
        groups=_within(groups, opened),
        opened=opened,
        resting=resting[:SHOWN],
        resting_count=len(resting),
        watch=await watch_address(visit),
        people=await visit.people(),
        titles=titles(),
        who_can=() if visit.user.may_change else await visit.who_can_change(),
    )


async def _groups(visit: Visit) -> tuple[list[Group], list[WaitingOrder]]:
    store, name = visit.installation.store, visit.subscriber.name
    lines = await waiting_of(store).lines(name, MOST_ALIKE)
    return groups_of(lines, await marks_of(store).of(name), visit.installation.clock())


def _within(groups: Sequence[Group], opened: str) -> list[tuple[Group, Sequence[WaitingOrder]]]:
    """With the orders that are shown of each: few of many groups, more of the one that is opened."""
    few = max(3, SHOWN // max(len(groups), 1))
    shown = [group for group in groups if not opened or group.id == opened]
    return [(group, group.orders[: SHOWN if opened else few]) for group in shown[:SHOWN]]


async def decide(visit: Visit) -> Response:
    """One decision about those that are ticked, or about a whole group."""
    groups, _resting = await _groups(visit)
    of, whole = visit.form.text("group"), visit.form.ticked("whole")
    keys = chosen(groups, of, visit.form.all("key"), whole=whole)
    if not keys:
        raise ConfigError(
            "Nothing is ticked, or what was ticked does not wait any more.",
            field="key",
            fix="Go back, load the page again, and tick at least one order.",
        )
    said = await DECISIONS[_which(visit)](visit, keys)
    return await visit.told(said, f"{visit.home}/inbox")


def _which(visit: Visit) -> str:
    wanted = visit.form.text("do")
    if wanted not in DECISIONS:
        raise ConfigError("Nothing was chosen.", field="do", fix="Use one of the buttons of the page.")
    return wanted


async def _send(visit: Visit, keys: Sequence[str]) -> str:
    states = WAITING if visit.form.ticked(LOOKED) else (LineState.REFUSED,)
    sent, left = 0, []
    for key in keys:
        decision = Decision(subscriber=visit.subscriber.name, key=key, actor=visit.user.name)
        try:
            await send_again(visit.installation, decision, states)
            sent += 1
        except MakereadyError:
            left.append(key)
    told = ngettext("%(count)s order is sent again now.", "%(count)s orders are sent again now.", sent)
    text = told % {"count": sent}
    if left:
        text += " " + _(
            "These did not wait any more, or have to be looked for in the MIS first: %(keys)s."
        ) % {"keys": ", ".join(left[:SHOWN])}
    return text


async def _snooze(visit: Visit, keys: Sequence[str]) -> str:
    days = REST_DAYS.get(visit.form.text("days"), 1)
    zone = visit.subscriber.alerts.time_zone
    until = midnight(zone, visit.installation.clock(), days_ago=-days)
    await snooze(visit.installation, visit.subscriber.name, keys, until, visit.user.name)
    return ngettext(
        "%(count)s order rests until then. It comes back at once if something happens to it.",
        "%(count)s orders rest until then. Each comes back at once if something happens to it.",
        len(keys),
    ) % {"count": len(keys)}


async def _assign(visit: Visit, keys: Sequence[str]) -> str:
    person = visit.form.text("person")
    if person and person not in await visit.people():
        raise ConfigError(
            "Nobody of this name can see this company.", field="person", fix="Choose one of the list."
        )
    await assign(visit.installation, visit.subscriber.name, keys, person, visit.user.name)
    return _("%(who)s sees to it.") % {"who": person} if person else _("Nobody in particular sees to it now.")


async def _note(visit: Visit, keys: Sequence[str]) -> str:
    text = visit.form.text("note")
    if len(text) > 500:
        raise ConfigError("The note is too long.", field="note", fix="Use at most 500 characters.")
    await note(visit.installation, visit.subscriber.name, keys, text, visit.user.name)
    return _("The note is kept.")


DECISIONS = {"send": _send, "snooze": _snooze, "assign": _assign, "note": _note}


async def wake(visit: Visit) -> Response:
    """A snoozed order comes back."""
    keys = visit.form.all("key")
    await snooze(visit.installation, visit.subscriber.name, keys, 0.0, visit.user.name)
    return await visit.told(_("It is back in the list."), f"{visit.home}/inbox")


async def line_seen(visit: Visit) -> Response:
    number, line = visit.form.text("order"), visit.form.text("line")
    if not line.isdecimal() or len(line) > 9:
        raise ConfigError("No line was named.", field="line")
    await line_dealt_with(visit.installation, visit.subscriber.name, number, int(line))
    return await visit.told(
        _("%(line)s is marked as done.") % {"line": f"{number}-{line}"}, f"{visit.home}/inbox"
    )


async def file_seen(visit: Visit) -> Response:
    key, line = visit.form.text("key"), visit.form.text("line")
    if not line.isdecimal() or len(line) > 9:
        raise ConfigError("No line was named.", field="line")
    await file_dealt_with(visit.installation, visit.subscriber.name, key, int(line), visit.form.raw("url"))
    return await visit.told(_("The file of %(key)s is marked as done.") % {"key": key}, f"{visit.home}/inbox")


AT = "/subscribers/{subscriber}/inbox"

PAGES = (
    page(AT, Needs.SEE, inbox),
    form(AT, Needs.CHANGE, decide, "inbox decide", target="key"),
    form(f"{AT}/wake", Needs.CHANGE, wake, "inbox wake", target="key"),
    form(f"{AT}/line", Needs.CHANGE, line_seen, "orders seen", target="order"),
    form(f"{AT}/file", Needs.CHANGE, file_seen, "files seen", target="key"),
)
