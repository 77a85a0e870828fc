"""Signed webhooks of an emulated shop, as many as are wanted, about 3 kB each: the size that shops send."""

import hashlib
import itertools
import json
from collections.abc import Callable
from urllib.parse import urlsplit

KEY = "a-webhook-key-of-the-benchmark"
BYTES = 3000
_ID, _NUMBER = "MESSAGE-ID", 77777777
_FIRST_NUMBER = 10_000_000
"""Above all that the emulated shop gives."""


class Webhooks:
    """Each tells of another order."""

    def __init__(self, url: str) -> None:
        self._head, self._template = _head(url), _template()
        self._counted = itertools.count(_FIRST_NUMBER)

    def next(self) -> bytes:
        """A whole request, as it goes over the wire."""
        return self.of(next(self._counted))

    def of(self, order_number: int) -> bytes:
        number = b"%d" % order_number
        first, between, last = self._template
        body = b"".join((first, number, between, b"m-", number, last))
        signature = hashlib.sha1(KEY.encode() + body).hexdigest()  # noqa: S324 - the vendor's
        return b"%sContent-Length: %d\r\nMessageHash: %s\r\n\r\n%s" % (
            self._head,
            len(body),
            signature.encode(),
            body,
        )


def elsewhere(url: str, made: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same requests, sent to another address."""
    head = _head(url)
    return lambda: head + made().partition(b"Content-Type: application/json\r\n")[2]


def _head(url: str) -> bytes:
    parts = urlsplit(url)
    return f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n".encode()


def _template() -> tuple[bytes, bytes, bytes]:
    envelope = {
        "Type": 0,
        "TypeName": "OrderItemStatusChanged",
        "Timestamp": "2026-03-02T09:15:30.120Z",
        "SubscriberId": "28406876-c50c-4d16-b386-8f2824f19cef",
        "Data": {"OrderNumber": _NUMBER, "OrderItemSeq": 1, "Notes": ""},
        "MessageID": _ID,
    }
    envelope["Data"]["Notes"] = "n" * (BYTES - len(json.dumps(envelope)))  # type: ignore[index]
    first, rest = json.dumps(envelope).split(str(_NUMBER))
    between, last = rest.split(_ID)
    return first.encode(), between.encode(), last.encode()
