"""One message through Apprise, in a process of its own.

``python -m makeready_alerts.services.process`` takes a `ServiceMessage` as JSON on standard input and gives a
`ServiceResult`. Apprise opens its sockets itself, so what it may reach is held here: each name is looked up through
`_lookup`, which gives no address of a private network that the operator has not allowed.
"""

import logging
import os
import re
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import apprise
import certifi
import msgspec
from makeready.outbound.addresses import Reach, is_public
from makeready.outbound.client import CA_FILE, PROXY, proxy

from makeready_alerts.services.send import ServiceMessage, ServiceResult

MOST = 300
"""Characters of a reason."""
MEANINGS = {
    "401": "it refuses the login",
    "403": "it refuses us",
    "404": "there is no such address",
    "429": "too many came",
}


class Kept(logging.Handler):
    """What Apprise says went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Guard:
    """In place of the look-up of names."""

    def __init__(self, reach: Reach, real: Callable[..., Any]) -> None:
        self._reach, self._real = reach, real
        self.forbidden = self.by_proxy = ""
        """A host that may not be reached; that of the proxy, which may."""

    def __call__(self, host: Any, *more: Any, **other: Any) -> Any:
        found = self._real(host, *more, **other)
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name != self.by_proxy:
            self._check(name.lower(), (str(one[4][0]) for one in found))
        return found

    def _check(self, host: str, numbers: Iterable[str]) -> None:
        if not all(self._reach.allows(host, one) for one in numbers):
            self.forbidden = host
            raise socket.gaierror(f"{host} lies in a private network")


def send(message: ServiceMessage) -> ServiceResult:
    kept = Kept()
    logger = logging.getLogger("apprise")
    logger.handlers, logger.propagate = [kept], False
    service = apprise.Apprise.instantiate(message.url, suppress_exceptions=True)
    if not isinstance(service, apprise.NotifyBase):
        return ServiceResult(known=False)
    guard = Guard(Reach.of_environment(), socket.getaddrinfo)
    socket.getaddrinfo = guard
    _trust(os.environ.get(CA_FILE, ""))
    delivered = _go_through_proxy(service, guard) and bool(
        service.notify(body=message.body, title=message.title)
    )
    reason = "" if delivered else _reason(kept.lines, message.url)
    return ServiceResult(known=True, delivered=delivered, reason=reason, forbidden=guard.forbidden)


def _go_through_proxy(service: apprise.NotifyBase, guard: Guard) -> bool:
    """If there is one, and the service lies in the open internet. False if no call may go there: the proxy would open
    the socket for us, so what the host leads to is looked at before.
    """
    through, host = proxy(), str(getattr(service, "host", "") or "")
    if through is None:
        return True
    try:
        found = guard(host, None) if host else ()
    except OSError:
        return not guard.forbidden
    if host and not any(is_public(str(one[4][0])) for one in found):
        return True
    guard.by_proxy = through.url.host
    os.environ["HTTP_PROXY"] = os.environ["HTTPS_PROXY"] = os.environ[PROXY]
    return True


def _trust(own: str) -> None:
    """Authorities of the operator's, beside the known ones."""
    if own:
        together = Path(tempfile.mkdtemp()) / "authorities.pem"
        together.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + Path(own).read_bytes())
        os.environ["REQUESTS_CA_BUNDLE"] = str(together)


def _reason(lines: list[str], url: str) -> str:
    """In words, without what an address keeps secret."""
    said = " ".join(lines)
    if status := re.search(r"error=(\d{3})", said):
        return MEANINGS.get(status[1], f"the service answers {status[1]}")
    if "Connection" in said or "exception" in said.lower():
        return "the service cannot be reached"
    for part in filter(None, re.split(r"[/:@?&=]+", url)):
        said = said.replace(part, "...")
    return said[:MOST]


if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=ServiceMessage)
    sys.stdout.buffer.write(msgspec.json.encode(send(given)))
