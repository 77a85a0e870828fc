"""How a form asks for a setting: what the description of its type cannot say.

The title and the help of a setting are those of its ``Meta``; the rest stands in its ``extra_json_schema``::

    deadline_s: Annotated[float, Meta(title="Time limit", extra_json_schema=asked(unit="s"))] = 4.0

A connector without any of it has a form too: what it requires is asked at first, all else under *Advanced*.
"""

from collections.abc import Mapping
from typing import Any

UNIT, LABELS, FIRST, TEXTS, STEP = "x-unit", "x-labels", "x-first", "x-texts", "x-step"
"""Members of a setting's JSON Schema."""
SECONDS = "s"
"""The unit of a length of time: a form shows it in seconds, minutes, hours or days, as it fits."""
TIME_ZONE = {"format": "time-zone"}
"""For ``extra_json_schema`` of a text such as Europe/London."""
CUSTOMERS = "customers"
"""The step of a guided start in which a setting is asked that decides for which customer of the MIS an order is."""


def asked(
    *,
    unit: str = "",
    labels: Mapping[str, str] | None = None,
    first: bool = False,
    texts: Mapping[str, str] | None = None,
    step: str = "",
) -> dict[str, Any]:
    """For ``extra_json_schema``. ``labels``: words for the few values that there are. ``first``: most set-ups need it.

    ``texts``: the names that a table of texts, or each of several in a table, may have, with words for them. ``step``:
    `CUSTOMERS`.
    """
    given = {UNIT: unit, LABELS: dict(labels or {}), FIRST: first, TEXTS: dict(texts or {}), STEP: step}
    return {name: value for name, value in given.items() if value}
