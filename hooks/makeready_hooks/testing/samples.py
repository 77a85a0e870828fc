"""What a vendor really said, kept by `makeready capture`: answers for tests, without the vendor.

A sample is a JSON file of exchanges, in their order, without secrets and with invented people. `SampleHttp` gives its
answers back::

    http = SampleHttp(read_sample(Path("samples/orders.json")))
    connector = CONNECTOR.build(settings, ConnectorContext(subscriber="sample", http=http))
"""

from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from makeready_hooks.http import HttpAnswer, HttpRequest

VENDOR = "https://vendor.example"
"""What stands for the vendor's address in a sample."""


class Body(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the three; none of them for an empty body."""

    json: Raw | UnsetType = UNSET
    """With numbers as the vendor wrote them."""
    text: str = ""
    left_out: str = ""
    """What it was that is not kept: ``48213 bytes of application/pdf``."""

    def content(self) -> bytes:
        if self.json is not UNSET:
            return bytes(self.json)
        return self.text.encode()


class Exchange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    method: str
    path: str
    """Below the vendor's address, decoded."""
    query: tuple[tuple[str, str], ...] = ()
    request: Body = Body()
    status: int
    headers: dict[str, str] = {}
    """Of the answer, names in lower case: those that are known to be harmless."""
    body: Body = Body()


class Sample(Struct, frozen=True, kw_only=True):
    connector: str
    made_on: str
    """The day, ISO 8601."""
    exchanges: tuple[Exchange, ...]


def read_sample(path: Path) -> Sample:
    """Raises msgspec.ValidationError for a file that is none."""
    return msgspec.json.decode(path.read_bytes(), type=Sample)


class SampleHttp:
    """`makeready_hooks.http.Http` that answers as the vendor did.

    A call gets the answer of the exchange with its method, path and query; of several the first that was not given yet, and
    the last one again and again. Credentials stand in no sample, so names in the query that it does not have are not
    compared. What was never asked raises LookupError: a test then needs another capture.
    """

    def __init__(self, sample: Sample, base_url: str = VENDOR) -> None:
        self._base = urlsplit(base_url).path.rstrip("/")
        self._left: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
        for one in sample.exchanges:
            self._left[one.method, one.path.strip("/").casefold()].append(one)
        self.sent: list[tuple[str, str]] = []

    async def send(self, request: HttpRequest) -> HttpAnswer:
        path = unquote(urlsplit(request.url).path).removeprefix(self._base).strip("/")
        self.sent.append((request.method, path))
        known = self._left[request.method, path.casefold()]
        asked = set(request.query)
        found = next((one for one in known if set(one.query) <= asked), None)
        if found is None:
            raise LookupError(f"the sample has no answer to {request.method} {path} {sorted(asked)}")
        if sum(set(one.query) <= asked for one in known) > 1:
            known.remove(found)
        return HttpAnswer(status=found.status, headers=found.headers, body=found.body.content())
