"""Dates as the sources show them: read leniently, echoed without a zone."""

import re
from datetime import UTC, datetime

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7}))?)?\s*(Z|[+-]\d\d:\d\d)?", re.IGNORECASE
)


def read_date(text: str) -> datetime | None:
    """``2021-11-15T13:41:13.5`` (S1), seven decimals and ``Z`` (S3), ``15-Nov-21`` (S4).

    None if it is no date.
    A zone is turned into UTC and dropped: zoneless values are the server's local time (inferred),
    and this server's is UTC.
    """
    match = _ISO.fullmatch(text.strip())
    try:
        return _from_iso(match) if match else datetime.strptime(text.strip(), "%d-%b-%y")
    except (ValueError, OverflowError):
        return None


def _from_iso(match: re.Match[str]) -> datetime:
    day, clock, fraction, zone = match.groups()
    micro = (fraction or "0")[:6].ljust(6, "0")
    clock = clock or "00:00:00"
    clock = clock if len(clock) == 8 else f"{clock}:00"
    shift = "+00:00" if zone is None or zone in "zZ" else zone
    moment = datetime.fromisoformat(f"{day}T{clock}.{micro}{shift}")
    return moment.astimezone(UTC).replace(tzinfo=None)


def write_date(moment: datetime) -> str:
    """Without a zone; a fraction of a second only where there is one, without closing zeros."""
    text = moment.isoformat()
    return text.rstrip("0") if "." in text else text
