"""Members that queries and bodies of many operations share."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True, description="In UTC.")]
Text = Annotated[str, Meta(min_length=1, max_length=500)]
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?"
Day = Annotated[
    str,
    Meta(
        description="A day or a moment, such as 2026-03-02 or 2026-03-02T09:15:00Z.",
        extra_json_schema={"pattern": f"^({DAY}({TIME})?)?$"},  # what does not fit is told in words
    ),
]


# What a caller gives


Limit = Annotated[int, Meta(ge=1, le=1000)]
Cursor = Annotated[str, Meta(description="next_cursor of the page before.")]


class PageQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    limit: Limit = 100
    cursor: Cursor = ""


class NoBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing: the address says it all."""
