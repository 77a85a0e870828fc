"""What happened, as sentences in one order of time. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from makeready.access.audit import DONE
from makeready.access.model import AuditRow
from makeready.orders.model import LineState
from makeready.subscribers.model import SettingsChange
from msgspec import Struct

from makeready_admin.settings.words import Difference
from makeready_admin.stream.store import LineMoved, WebhookCame, WebhookRefused
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked
from makeready_admin.web.words import state_words

SAVED = ("settings save", "subscriber add", "subscriber apply", "subscriber set")
"""Acts that change settings: told as what changed."""
MOST_BETWEEN_S = 30.0
"""An act is written down before it happens: what it changed was saved so soon after it."""
SHOWN_CHARACTERS = 200
WORDS: Mapping[str, str] = {
    "orders send-again": marked("sent an order again"),
    "orders ignore": marked("said that an order is not sent"),
    "orders accept": marked("said that an order is in the MIS already"),
    "orders take-back": marked("took that back"),
    "orders correct": marked("corrected an order"),
    "orders amend": marked("changed an order in the MIS"),
    "orders include": marked("included orders from before our time"),
    "orders dismiss": marked("dismissed orders from before our time"),
    "orders replay": marked("sent many orders again"),
    "orders retry": marked("had all of it tried again"),
    "orders seen": marked("marked a change as done"),
    "files seen": marked("marked a file as done"),
    "inbox decide": marked("decided about orders that need attention"),
    "inbox wake": marked("brought a snoozed order back"),
    "import plan": marked("planned an import"),
    "import run": marked("started an import"),
    "import pause": marked("paused an import"),
    "import cancel": marked("cancelled an import"),
    "import unlink": marked("unlinked products"),
    "link plan": marked("planned to link products"),
    "link undo": marked("unlinked and restored products"),
    "markup plan": marked("planned another mark-up"),
    "pause begin": marked("paused"),
    "pause end": marked("let it go on"),
    "settings save": marked("saved settings"),
    "subscriber add": marked("added the company"),
    "subscriber check": marked("tested the connections"),
    "subscriber install": marked("set up webhook and pricing engine"),
    "alerts test": marked("sent a test message"),
    "addresses renew": marked("renewed the addresses for vendors"),
}
"""What people did, by the name that the audit log has for it."""
BAD_STATES = (LineState.REFUSED, LineState.PARKED)


class Chip(StrEnum):
    """What a stream is filtered by."""

    PEOPLE = "people"
    ORDERS = "orders"
    TECHNICAL = "technical"


class Event(Struct, frozen=True, kw_only=True):
    at: float
    chip: Chip
    picture: str
    """The name of its icon."""
    text: str
    order: str = ""
    """The number of the order that it leads to."""
    bad: bool = False
    said: str = ""
    """Beside the sentence: a reason."""
    changes: Sequence[Difference] = ()
    details: Sequence[tuple[str, str]] = ()
    """What is folded away: ids, addresses, what came."""


def of_line(one: LineMoved) -> Event:
    state = state_words(one.state)
    into = f" {one.mis_number}" if one.mis_number and one.state == LineState.ACCEPTED else ""
    what = _("%(quantity)s of %(product)s") % {"quantity": one.quantity, "product": one.description}
    return Event(
        at=one.updated_at,
        chip=Chip.ORDERS,
        picture="orders",
        text=f"{state}{into}: {what}" + (f", {one.customer}" if one.customer else ""),
        order=one.order_number,
        bad=one.state in BAD_STATES,
        said=one.reason,
    )


def of_webhook(one: WebhookCame, whose: str) -> Event:
    """``whose``: what the connector is called."""
    told = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one.event).lower()
    return Event(
        at=one.received_at,
        chip=Chip.TECHNICAL,
        picture="shop",
        text=_("%(whose)s told: %(event)s") % {"whose": whose, "event": told or _("something changed")},
        order=one.order_number,
        details=[(_("message"), one.key), (_("event"), one.event)],
    )


def of_refused(one: WebhookRefused) -> Event:
    came = one.body[:SHOWN_CHARACTERS].decode(errors="replace")
    return Event(
        at=one.received_at,
        chip=Chip.TECHNICAL,
        picture="attention",
        text=_("A webhook was refused"),
        bad=True,
        said=one.reason,
        details=[(_("for"), one.connector), (_("its beginning"), came)],
    )


def of_act(one: AuditRow) -> Event:
    did = _(WORDS[one.action]) if one.action in WORDS else one.action
    ended = "" if one.outcome == DONE else one.outcome or _("it is not known what came of it")
    about = f"{one.target} {one.detail}".strip()
    return Event(
        at=one.at,
        chip=Chip.PEOPLE,
        picture="people",
        text=f"{one.actor} {did}" + (f": {about}" if about else ""),
        bad=bool(ended),
        said=ended,
        details=[
            (_("through"), f"{one.via} {one.address}".strip()),
            (_("in the audit log"), f"{one.action} ({one.id})"),
        ],
    )


def of_change(one: SettingsChange, differences: Sequence[Difference]) -> Event:
    return Event(
        at=one.at,
        chip=Chip.PEOPLE,
        picture="settings",
        text=_("%(actor)s added the company") % {"actor": one.actor}
        if one.before is None
        else _("%(actor)s changed settings") % {"actor": one.actor},
        changes=differences,
        details=[(_("change"), str(one.id))],
    )


def without_told(acts: Iterable[AuditRow], changes: Sequence[SettingsChange]) -> Iterator[AuditRow]:
    """The acts that no change of settings tells already, with what it changed."""
    for act in acts:
        is_told = any(
            one.actor == act.actor and act.at <= one.at <= act.at + MOST_BETWEEN_S for one in changes
        )
        if not (act.action in SAVED and act.outcome == DONE and is_told):
            yield act


def page_of_events(events: Iterable[Event], limit: int) -> tuple[list[Event], float]:
    """The newest first, and before which moment the next page begins; 0 if there is none. What happened at one moment
    stays together.
    """
    found = sorted(events, key=lambda one: one.at, reverse=True)
    end = limit
    while end < len(found) and found[end].at == found[end - 1].at:
        end += 1
    return found[:end], found[end - 1].at if end < len(found) else 0.0
