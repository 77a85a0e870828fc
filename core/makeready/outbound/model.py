"""Calls that left us, and how long they are kept."""

import re
from typing import Annotated

from makeready_hooks import asked
from msgspec import Meta, Struct

GIVEN_UP = "It was given up before an answer came."
"""By us: it tells nothing of the other side."""
MOST_CALLS = 200_000
"""More of one subscriber would make the page of calls slow."""


class CallRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long it is kept which calls were made; whatever ends sooner. About 250 bytes a call."""

    keep_days: Annotated[
        float, Meta(title="Keep calls for", gt=0, le=90, extra_json_schema=asked(unit="days"))
    ] = 14.0
    keep: Annotated[
        int,
        Meta(
            title="Keep at most",
            description="The newest calls; a thousand more may be there for a while.",
            ge=1000,
            le=MOST_CALLS,
            extra_json_schema=asked(unit="calls"),
        ),
    ] = 100_000


class CallRow(Struct, frozen=True, kw_only=True):
    """A call to a vendor, or a message that told people of something. Nothing secret: no query, header, or body."""

    subscriber: str
    connector: str
    """Through which it was made; ``alerts`` and ``artwork`` for our own."""
    at: float
    """When it left."""
    host: str
    method: str
    path: str
    status: int
    """0 if no answer came."""
    error: str
    """Why no answer came, or what an answer with a good status refuses; empty else."""
    ms: float
    """Milliseconds from leaving to the end of the answer. Waiting for the vendor's limit is not in it."""
    size: int
    """Bytes of the answer's body."""

    @property
    def failed(self) -> bool:
        return bool(self.error) or self.status >= 400

    @property
    def went_well(self) -> bool | None:
        """What it says of the connection; None for nothing: an answer of *no* or *not found* is about what was asked."""
        if self.error == GIVEN_UP or self.status in (404, 405, 408, 429):
            return None
        return not self.error and self.status < 500 and self.status not in (401, 403, 407)

    @property
    def kind(self) -> str:
        """``POST orders/submit``: by its method and the end of its path, without ids, numbers and sites in it."""
        words = [part for part in self.path.split("/") if re.fullmatch(r"[A-Za-z_-]+", part)]
        return f"{self.method} {'/'.join(words[-2:])}"

    @property
    def trouble(self) -> str:
        return self.error or f"{self.host} answers {self.kind} with status {self.status}."


class KindOfCall(Struct, frozen=True, kw_only=True):
    """How the last calls of one kind went through a connector. Moments are 0 for never."""

    connector: str
    kind: str
    good_at: float
    last_at: float
    failing_since: float
    """Since its last success; 0 if the last one went well."""
    trouble: str


class CallCount(Struct, frozen=True, kw_only=True):
    """What went to one host through one connector, in some hours."""

    connector: str
    host: str
    hour: int
    """The first of them, since 1970."""
    calls: int
    failed: int
    ms: float
    """Of all of them together."""
