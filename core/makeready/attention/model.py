"""The rules that a subscriber sets: what is an alarm, and who is told."""

from typing import Annotated, Any, Literal, get_args

from makeready_hooks import asked
from makeready_hooks.model.asked import TIME_ZONE
from makeready_hooks.secret import HIDDEN
from msgspec import Meta, Struct

COMPARED, UNANNOUNCED = "compared", "unannounced"
"""Names of checkpoints: the last regular comparison; orders found by one in a time without webhooks."""

EmailAddress = Annotated[
    str, Meta(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$", extra_json_schema={"format": "email"})
]
AlertKind = Literal["orders", "alarms", "summary"]
"""``orders``: lines and files that need attention. ``alarms``: outages and whatever else no single order tells.
``summary``: once a day what is being tried again."""
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
_KINDS = {"orders": "Orders", "alarms": "Outages and alarms", "summary": "Daily summary"}
_DAYS = {"1": "Mon", "2": "Tue", "3": "Wed", "4": "Thu", "5": "Fri", "6": "Sat", "7": "Sun"}
_QUIET = r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$"


def _said(title: str, text: str | None = None, schema: dict[str, Any] | None = None, **bounds: Any) -> Meta:
    return Meta(title=title, description=text, extra_json_schema=schema, **bounds)


def _kinds(title: str) -> Meta:
    return _said(title, "To end it, take the address away.", asked(labels=_KINDS))


_FIRST, _TIME = asked(first=True), asked(unit="s")


class AlertRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when an order needs attention, when orders wait, and when none come."""

    email_to: Annotated[tuple[EmailAddress, ...], _said("Send alerts to", "E-mail addresses.", _FIRST)] = ()
    email_for: Annotated[tuple[AlertKind, ...], _kinds("By e-mail")] = ALERT_KINDS
    webhook_url: Annotated[
        str, _said("Also post to a web address", "Of a monitoring system. Kept as a secret.", HIDDEN)
    ] = ""
    webhook_secret: Annotated[
        str, _said("Signing secret of that address", "Signs each message (Standard Webhooks).", HIDDEN)
    ] = ""
    webhook_for: Annotated[tuple[AlertKind, ...], _kinds("To the web address")] = ALERT_KINDS
    chat_url: Annotated[
        str,
        _said(
            "Chat channel",
            "The incoming webhook of Slack, or of what takes the same (Mattermost); of other services an Apprise address.",
            HIDDEN | _FIRST,
        ),
    ] = ""
    chat_for: Annotated[tuple[AlertKind, ...], _kinds("Into the chat")] = ALERT_KINDS
    ntfy_url: Annotated[
        str, _said("ntfy topic", "Its address as a browser shows it. For phones.", HIDDEN | _FIRST)
    ] = ""
    ntfy_for: Annotated[tuple[AlertKind, ...], _kinds("By ntfy")] = ALERT_KINDS
    quiet_hours: Annotated[
        str,
        _said(
            "Quiet hours",
            "Such as 22:00-06:00, in the time zone below: only what is urgent is told then, the rest when they end.",
            _FIRST,
            pattern=_QUIET,
        ),
    ] = ""
    gather_s: Annotated[
        float, _said("Combine alerts within", "Several problems become one message.", _TIME, ge=0, le=86400)
    ] = 60.0
    digest_at: Annotated[
        str, _said("Daily summary at", "What is being tried again: such as 07:00, in the zone below.", _FIRST)
    ] = "07:00"
    outage_after_s: Annotated[
        float,
        _said(
            "Report an outage after",
            "The MIS or the shop cannot be reached, or orders come in without a webhook, for this long.",
            _TIME,
            ge=60,
            le=604800,
        ),
    ] = 900.0
    silence_h: Annotated[
        float,
        _said(
            "Report missing orders after",
            "No order for this many working hours. 0: never.",
            asked(unit="working hours", first=True),
            ge=0,
            le=1000,
        ),
    ] = 0.0
    working_hours: Annotated[
        str, _said("Working hours", "For missing orders only: 08:00-18:00, in the time zone below.", _FIRST)
    ] = "08:00-18:00"
    working_days: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=7)], ...],
        _said("Working days", None, asked(first=True, labels=_DAYS)),
    ] = (1, 2, 3, 4, 5)
    time_zone: Annotated[
        str,
        _said(
            "Time zone",
            "Of all times here, in messages and of Today. Such as Europe/London.",
            TIME_ZONE | _FIRST,
        ),
    ] = "UTC"

    @property
    def tell_anybody(self) -> bool:
        return bool(self.email_to or self.webhook_url or self.chat_url or self.ntfy_url)


class AttentionCounts(Struct, frozen=True, kw_only=True):
    """How much of each kind waits for a person; `makeready.stores` counts it in every room that has such."""

    refused: int
    parked: int
    noticed: int
    unreadable: int
    files: int
    work: int

    @property
    def total(self) -> int:
        return self.refused + self.parked + self.noticed + self.unreadable + self.files + self.work


def counted(number: int, one: str, more: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else more or one + 's'}"
