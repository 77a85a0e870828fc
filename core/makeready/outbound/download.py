"""Files that a vendor names by address: looked at and fetched, never from inside our own network.

Redirects are followed a few times, and open their sockets in the same way as the first call.
"""

import asyncio
import time
from functools import cached_property

import httpx
from makeready_hooks.errors import MakereadyError, Refused, RetryLater
from msgspec import Struct

from makeready.outbound.addresses import PRIVATE_NETWORKS, Forbidden, Reach, place, read_address
from makeready.outbound.call_timer import CallTimer, StartCall, ignore, start_call
from makeready.outbound.client import failures, forgetful_client, guarded

DEADLINE_S = 30.0
WHOLE_FILE_S = 900.0
"""However it drips: 200 MB at 230 kB a second."""
MAX_REDIRECTS = 3
MAX_CONNECTIONS = 20


class FileFacts(Struct, frozen=True, kw_only=True):
    """What a server says about a file."""

    size: int | None
    """In bytes; None if it does not say."""
    content_type: str


unnoted = start_call(ignore, time.time, "", "")


class Files:
    """Into the open internet alone if no ``reach`` is given."""

    def __init__(self, reach: Reach | None = None) -> None:
        self._reach = reach or Reach()

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        return forgetful_client(guarded(self._reach, limit=MAX_CONNECTIONS), timeout_s=DEADLINE_S)

    async def look(self, url: str, begin: StartCall = unnoted) -> FileFacts:
        """Is it there? Asks for the first byte, since not every server answers to HEAD. ``begin`` notes each call.

        Raises Refused if the address is not allowed or the file is not there, RetryLater if the server is away,
        ConfigError if its certificate is not taken.
        """
        response = await self._get(url, begin, limit=None)
        return FileFacts(size=_size(response), content_type=response.headers.get("content-type", ""))

    async def fetch(self, url: str, begin: StartCall = unnoted, *, limit: int) -> bytes:
        """The whole file. Raises as `look`, and Refused for more than ``limit`` bytes."""
        return (await self._get(url, begin, limit=limit)).content

    async def aclose(self) -> None:
        if "_client" in vars(self):
            await self._client.aclose()

    async def _get(self, url: str, begin: StartCall, *, limit: int | None) -> httpx.Response:
        """The whole file, up to ``limit`` bytes, or its beginning if there is no limit."""
        address = read_address(url)
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._get_one(address, limit, begin("GET", *place(address)))
            if not response.has_redirect_location:
                return _checked(response)
            address = _led_to(address, response.headers["location"])
        raise Refused("The file's address leads from one to another without end.")

    async def _get_one(self, address: httpx.URL, limit: int | None, call: CallTimer) -> httpx.Response:
        headers = {"Range": "bytes=0-0"} if limit is None else {}
        login = httpx.BasicAuth(address.username, address.password) if address.userinfo else None
        plain = address.copy_with(username="", password="")
        within_s = DEADLINE_S if limit is None else WHOLE_FILE_S
        try:
            async with (
                asyncio.timeout(within_s),
                self._client.stream("GET", plain, headers=headers, auth=login) as response,
            ):
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if limit is None:
                        break  # a server that ignores the range: its first bytes prove that it is there
                    if len(body) > limit:
                        call.ended(status=response.status_code, size=len(body))
                        raise Refused(
                            f"The file is larger than {limit} bytes.", fix="Give it to the MIS by hand."
                        )
                call.ended(status=response.status_code, size=len(body))
                return httpx.Response(response.status_code, headers=response.headers, content=bytes(body))
        except failures() as exc:
            error = _trouble(exc, address.host, within_s)
            call.ended(error=error.message)
            raise error from None


def _led_to(address: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads. Raises Refused if that is no address of the web."""
    try:
        return read_address(str(address.join(location)))
    except (httpx.InvalidURL, ValueError):
        raise _leads_nowhere() from None


def _leads_nowhere() -> Refused:
    return Refused("The file's address leads to one that cannot be read.", fix="Upload the file again.")


def _trouble(exc: Exception, host: str, within_s: float) -> MakereadyError:
    if isinstance(exc, Forbidden):
        return Refused(
            f"The file's address is private: {exc}",
            fix="If that is meant, set private_files = true in the subscriber's orders, and ask the operator of Makeready "
            f"to allow it ({PRIVATE_NETWORKS}).",
        )
    if isinstance(exc, httpx.RemoteProtocolError):  # the client reads where a redirect leads before we do
        return _leads_nowhere()
    from makeready.outbound import sockets  # noqa: PLC0415 - see there

    if isinstance(exc, sockets.BadCertificate):
        return exc.error
    if isinstance(exc, sockets.BAD_ADDRESSES):
        return Refused(f"The file's server {host} cannot be called by that name.")
    return RetryLater(f"The file's server {host} cannot be reached ({sockets.reason(exc, within_s)}).")


def _checked(response: httpx.Response) -> httpx.Response:
    status = response.status_code
    if status >= 500 or status == 429:
        raise RetryLater(f"The file's server answers {status}.")
    if status == 416:  # an empty file has no first byte
        raise Refused("The file is empty.")
    if not 200 <= status < 300:
        raise Refused(
            f"The file cannot be had: its server answers {status}.", fix="Upload it again in the shop."
        )
    return response


def _size(response: httpx.Response) -> int | None:
    """From ``Content-Range: bytes 0-0/12345``, or the length of the whole."""
    whole = response.headers.get("content-range", "").rpartition("/")[2]
    text = whole if response.status_code == 206 else response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
