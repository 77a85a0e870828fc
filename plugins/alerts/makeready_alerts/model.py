"""What was told, and the work that tells it."""

from msgspec import Struct

ALERT = "alert"
"""Tell people of lines and files that need one. One row per subscriber."""
WATCH = "watch"
"""Look for what people should know of, again and again. One row per subscriber that tells anybody."""


class SentAlert(Struct, frozen=True, kw_only=True):
    """What people were told through one channel, and take to be so until they are told that it is over."""

    topic: str
    title: str
    since: float
    told_at: float
