"""What was told, and the work that tells it."""

from typing import Literal

from makeready.attention.model import AlertKind
from msgspec import Struct

ALERT = "alert"
"""Tell people of lines and files that need one. One row per subscriber."""
WATCH = "watch"
"""Look for what people should know of, again and again. One row per subscriber that tells anybody."""

ToldKind = AlertKind | Literal["test"]
Said = Literal["begun", "over"]


class SentAlert(Struct, frozen=True, kw_only=True):
    """What people were told through one channel, and take to be so until they are told that it is over."""

    topic: str
    title: str
    since: float
    told_at: float


class ActiveAlert(SentAlert, frozen=True, kw_only=True):
    """The same with its channel."""

    channel: str


class Alert(Struct, frozen=True, kw_only=True):
    """Something that people are told: of an alarm while it lasts, of anything else the message itself."""

    topic: str
    raised_at: float
    kind: ToldKind
    title: str
    text: str
    over_at: float = 0.0
    """0 while it lasts; of what does not last, when it was told."""


class Telling(Struct, frozen=True, kw_only=True):
    """One channel's try to tell it, with what came of the last one."""

    topic: str
    raised_at: float
    channel: str
    said: Said
    whom: str
    at: float
    tries: int = 1
    error: str = ""
    """Empty if it was delivered."""


class KeptAlert(Alert, frozen=True, kw_only=True):
    """As the history shows it."""

    tellings: tuple[Telling, ...] = ()
