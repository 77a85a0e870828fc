"""The HTTP client that connectors are handed: what a call means for who made it, and nothing kept of an answer."""

import asyncio
import os
import ssl
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import cache, cached_property, lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import httpx
from makeready_hooks.connectors import CallLimit
from makeready_hooks.errors import ConfigError, MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.secret_filter import SecretFilter

from makeready import __version__
from makeready.outbound.addresses import PRIVATE_NETWORKS, Forbidden, Reach, read_address, read_target
from makeready.outbound.call_timer import Note, ignore, start_call
from makeready.outbound.capture import check_departure, record_response
from makeready.outbound.model import GIVEN_UP
from makeready.outbound.rate_limit import AskedToWait, CallGate, Slots

if TYPE_CHECKING:  # loaded where a call is made: see there
    from makeready.outbound.sockets import GuardedTransport

HEADERS = {
    "User-Agent": f"Makeready/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": ", ".join(
        ("gzip", "deflate")
    ),  # one text would be taken for a sentence to be translated
    "Connection": "keep-alive",
}
"""Of every call that has none of its own by that name."""
CA_FILE, PROXY = "MAKEREADY_CA_FILE", "MAKEREADY_PROXY"
MAX_CONNECTIONS = 200
KEPT_OPEN_S = 4.0
"""Unused. Many servers (Apache, Node, uvicorn) hang up after 5 s: a call that leaves just then is in doubt."""


class Outbound:
    """The process's connections to the outside. `aclose` it at the end."""

    def __init__(
        self,
        slots: Slots | None = None,
        *,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        transport: "GuardedTransport | None" = None,
        note: Note = ignore,
        reach: Reach | None = None,
        filters: defaultdict[str, SecretFilter] | None = None,
    ) -> None:
        """``reach``: into the open internet alone if there is none. ``filters``: of the companies' secrets."""
        self.filters = defaultdict(SecretFilter) if filters is None else filters
        self.clock = clock
        self.note = note
        self._gate = CallGate(slots, clock) if slots else None
        self.waits = AskedToWait(steady)
        self._skews: dict[tuple[str, str], float] = {}
        self._transport, self._reach = transport, reach or Reach()

    def for_connector(self, subscriber: str, connector: str, limit: CallLimit | None) -> "ConnectorHttp":
        return ConnectorHttp(self, subscriber, connector, limit)

    def clock_skew(self, subscriber: str, connector: str) -> float | None:
        """Seconds by which a vendor's clock was ahead of ours at its last answer; None if none told its time."""
        return self._skews.get((subscriber, connector))

    def note_clock(self, who: tuple[str, str], answer: HttpAnswer) -> None:
        """Take in what an answer's ``Date`` says."""
        if (told := _moment(answer.headers.get("date", ""))) is not None:
            self._skews[who] = told - self.clock()

    @cached_property
    def carrier(self) -> "GuardedTransport":
        """Made at the first call: most commands call nobody."""
        return self._transport or guarded(self._reach, limit=MAX_CONNECTIONS, keepalive_timeout=KEPT_OPEN_S)

    async def aclose(self) -> None:
        if self._transport or "carrier" in vars(self):
            await self.carrier.aclose()

    async def admit(self, host: str, subscriber: str, limit: CallLimit) -> None:
        """Wait until the vendor's limit has room for one more call from this address."""
        if self._gate is not None:
            await self._gate.wait(host, subscriber, limit)


class ConnectorHttp:
    """The client of one connector of one subscriber; see `makeready_hooks.http.Http`."""

    def __init__(self, outbound: Outbound, subscriber: str, connector: str, limit: CallLimit | None) -> None:
        self._outbound = outbound
        self._subscriber = subscriber
        self._who = (subscriber, connector)
        self._limit = limit
        self._filter = outbound.filters[subscriber]
        self._begin = start_call(outbound.note, outbound.clock, subscriber, connector, self._filter.clean)

    async def send(self, request: HttpRequest) -> HttpAnswer:
        server, target = read_target(request.url)
        host, path = server.netloc.decode("ascii"), target.partition("?")[0]
        self._outbound.waits.check(self._who, host)
        if self._limit is not None:
            await self._outbound.admit(host, self._subscriber, self._limit)
            self._outbound.waits.check(self._who, host)
        check_departure(request)
        self._filter.learn(request.headers.items())
        self._filter.add(*request.secrets)
        call = self._begin(request.method, host, path)
        try:
            answer = await self._outbound.carrier.fetch(request, server, target)
        except failures() as exc:
            error = _meaning(exc, request, host, path)
            call.ended(error=error.message)
            raise error from None  # the chain below can show an address with credentials
        except asyncio.CancelledError:
            call.ended(error=GIVEN_UP)
            raise
        refusal = request.refusal(answer) if request.refusal else ""
        call.ended(status=answer.status, error=refusal, size=len(answer.body))
        self._outbound.note_clock(self._who, answer)
        self._outbound.waits.note(self._who, (request.method, host, path), answer)
        record_response(request, answer, self._filter)
        return answer


@lru_cache(maxsize=64)
def _moment(date: str) -> float | None:
    """Of a ``Date`` header: many answers of a second have the same. None if it is none."""
    with suppress(ValueError, OverflowError):
        return parsedate_to_datetime(date).timestamp()
    return None


def _meaning(exc: Exception, request: HttpRequest, host: str, path: str) -> MakereadyError:
    """What a failure says about whether the call can have had an effect."""
    from makeready.outbound import sockets  # noqa: PLC0415 - see there

    if wrong := for_a_person(exc, host):
        return wrong
    why = sockets.reason(exc, request.deadline_s)
    if sockets.never_connected(exc):
        fix = "Check that its address is right, that the server is running, and that its firewall lets us in."
        return RetryLater(f"{host} cannot be reached ({why}).", fix=fix)
    if request.changes_something:
        return OutcomeUnknown(f"{host} gave no answer to {request.method} {path} ({why}).")
    return RetryLater(f"{host} gave no answer ({why}).")


def for_a_person(exc: Exception, host: str) -> ConfigError | None:
    """A failure that only a change ends: of the address, a permission, a certificate. None for any other."""
    from makeready.outbound import sockets  # noqa: PLC0415 - see there

    if isinstance(exc, sockets.BadCertificate):
        return exc.error
    if isinstance(exc, Forbidden):
        fix = f"Ask the operator of Makeready to allow it ({PRIVATE_NETWORKS}), or correct the address in the settings."
        return ConfigError(str(exc), fix=fix)
    bad = isinstance(exc, sockets.BAD_ADDRESSES)
    fix = "Correct it in the settings."
    return ConfigError(f"The address of {host} cannot be used.", fix=fix) if bad else None


def failures() -> tuple[type[Exception], ...]:
    """How a call can end without an answer."""
    from makeready.outbound import sockets  # noqa: PLC0415 - see there

    return sockets.FAILURES


def guarded(reach: Reach, **options: Any) -> "GuardedTransport":
    """What every call of ours goes through: no socket is opened but to where ``reach`` allows it. Call it in the loop."""
    from makeready.outbound import sockets  # noqa: PLC0415 - see there

    return sockets.GuardedTransport(trusted(), reach, proxy=proxy(), **options)


@cache
def trusted() -> ssl.SSLContext:
    """The authorities whose certificates we take, read from the disk once per process."""
    context = httpx.create_ssl_context()
    _add_own(context)
    return context


def _add_own(context: ssl.SSLContext) -> None:
    file = os.environ.get(CA_FILE, "")
    try:
        if file:
            context.load_verify_locations(file)
    except OSError:
        told = f"{file} cannot be read, or holds no certificate in PEM."
        raise ConfigError(
            told, field=CA_FILE, fix=f"Set {CA_FILE} to one of authorities, or not at all."
        ) from None


def proxy() -> httpx.Proxy | None:
    """That all calls into the open internet go through; None if there is none. Raises ConfigError."""
    if not (text := os.environ.get(PROXY, "")):
        return None
    with suppress(Refused):
        if (url := read_address(text)).scheme == "http":
            login = b64encode(unquote_to_bytes(url.userinfo)).decode()
            headers = {"Authorization": f"Basic {login}"} if url.userinfo else None
            return httpx.Proxy(url.copy_with(userinfo=b""), headers=headers)
    fix = f"Write {PROXY} as in http://name:password@proxy.example:3128."
    raise ConfigError("The address of the proxy cannot be used.", field=PROXY, fix=fix)


def check_environment() -> None:
    """Raises ConfigError for own authorities, or a proxy, that cannot be used."""
    _add_own(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    proxy()


def prepare_calls() -> None:
    """Read now what the first call would wait for: in a server, a buyer waits for it."""
    failures()
    trusted()


def forgetful_client(
    transport: httpx.AsyncBaseTransport | None = None, *, timeout_s: float | None = None
) -> httpx.AsyncClient:
    """Without cookies, redirects or the environment's proxies. It says who we are.

    ``transport`` carries its calls; httpx's own if there is none. ``timeout_s`` is for calls that name none of their own.
    """
    return httpx.AsyncClient(
        transport=transport,
        headers=HEADERS,
        cookies=_no_jar(),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout_s,
    )


def _no_jar() -> CookieJar:
    """It takes a cookie of no domain, and so gives none back."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))
