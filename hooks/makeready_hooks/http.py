"""How a connector talks to its vendor: through a client that it is handed and never builds.

The client knows deadlines, call limits, redaction and the difference that matters most: whether
a request that failed can have had an effect. A connector says, per request, if it changes
anything over there; the client answers with a status, or raises one of three errors.

What it does for every call, so that no connector has to:

- It keeps no cookie, and gives none back. What a connector sends as ``Cookie`` goes with that call alone.
- It follows no redirect: one is an answer, and credentials go where the settings lead.
- It says who calls: ``User-Agent: Makeready/VERSION``, unless the request has its own.
- It gives up at the deadline, and at an answer of more than 32 MB. It opens a connection within 10 s.
- It keeps to the `CallLimit` of the `ConnectorType`, over all companies and processes of an address; the urgent goes first.
- A vendor that asks to wait (429, or 503 with ``Retry-After``) is left alone by all calls of that company's connector: they
  raise RetryLater at once. If it asks again each wait is longer, up to an hour, until what was refused is answered.
- It goes into a private network only where an operator of the installation has allowed that.
- It notes each call with its path, status and time, and never a query, a header or a body.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct


class HttpAnswer(Struct, frozen=True, kw_only=True):
    """What the vendor answered, whatever its status."""

    status: int
    """Of HTTP."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Whole and unpacked."""


class HttpRequest(Struct, frozen=True, kw_only=True):
    """A call to the vendor."""

    method: str
    """In capitals: ``GET``."""
    url: str
    """Absolute, without a query."""
    query: tuple[tuple[str, str], ...] = ()
    """Name and value of each, in this order, not encoded yet."""
    headers: Mapping[str, str] = {}
    """By name, in any case of letters."""
    body: bytes = b""
    """As it is sent; empty for none."""
    changes_something: bool = False
    """True for a call that must not be repeated blindly. It decides which error a cut raises."""
    deadline_s: float = 30.0
    """Seconds until the whole answer has to be there."""
    secret_query: bool = False
    """True if the query carries credentials: only the path is ever logged."""
    secrets: tuple[str, ...] = ()
    """Credentials that are no settings, such as a token that a sign-in gave: shown nowhere from then on, in no form. What
    stands in the headers ``Authorization`` and ``Cookie`` is known by itself."""
    refusal: Callable[[HttpAnswer], str] | None = None
    """For a call whose vendor says no with a good status, such as a sign-in: the words if this answer is a refusal,
    else "". It counts as a failed call then. None: a status says all."""


class Http(Protocol):
    """The outbound client. Safe to use from many tasks at once."""

    async def send(self, request: HttpRequest) -> HttpAnswer:
        """Send and wait for the whole answer, whatever its status.

        Raises:
            RetryLater: nothing was sent (no connection), or it was lost but changes nothing.
            OutcomeUnknown: it was sent, changes something, and no whole answer came.
            ConfigError: the address cannot be used (its scheme, its host name).
        """
