"""A server that repeats whatever it was sent, in every form: nothing of it is shown, noted or kept."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from urllib.parse import quote

import msgspec
import pytest
from makeready.connectors import Connectors
from makeready.installation import Installation
from makeready.outbound.call_timer import MOST_TEXT
from makeready.outbound.capture import MOST_BYTES, capture_response
from makeready.outbound.client import Outbound
from makeready.outbound.model import CallRow
from makeready_hooks import ConnectorContext, ConnectorType, Role, hookimpl
from makeready_hooks.errors import Refused
from makeready_hooks.http import HttpRequest
from makeready_hooks.model.price import PriceQuery
from makeready_hooks.model.setup import Check
from makeready_hooks.model.submission import OrderRequest, PreparedOrder
from plain_server import THIS_MACHINE, Server
from pretend import Bench, PretendSettings

PASSWORD, TOKEN, TICKET = "press/gang-9", "run-time-token", "sign-in-ticket"
FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: text.upper(),
    lambda text: json.dumps(text).replace("/", "\\/"),
    lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="").lower(),
    lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
)
REPEATED = "; ".join(form(secret) for secret in (PASSWORD, TOKEN, TICKET) for form in FORMS)
REPLY = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
QUERY = PriceQuery(product_id="1", quantity=1, site="shop.example")


class Echo:
    """A connector that tells on what its server says."""

    def __init__(self, settings: PretendSettings, context: ConnectorContext) -> None:
        self._settings, self._context = settings, context

    async def _call(self) -> str:
        request = HttpRequest(
            method="POST",
            url=f"{self._settings.server}/{quote(PASSWORD, safe='')}",
            headers={"Authorization": f"token {TOKEN}"},
            body=b"{}",
            changes_something=True,
            secrets=(TICKET,),
            refusal=lambda answer: answer.body.decode(),
        )
        return (await self._context.http.send(request)).body.decode()

    @hookimpl
    async def quote_price(self, query: PriceQuery) -> None:
        raise Refused(f"The MIS says {await self._call()}.", fix=PASSWORD)

    @hookimpl
    def map_order(self, request: OrderRequest) -> None: ...

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> None: ...

    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        return (Check(name="login", ok=False, message=await self._call(), fix=PASSWORD),)


@pytest.fixture
async def answers() -> AsyncIterator[Server]:
    body = REPEATED.encode()
    body = b"x" * (MOST_BYTES - 5) + body  # what is cut, is cut within a secret
    async with Server(REPLY % (len(body), body)) as server:
        yield server


@pytest.fixture
def noted() -> list[CallRow]:
    return []


@pytest.fixture
async def outbound(bench: Bench, noted: list[CallRow]) -> AsyncIterator[Outbound]:
    made = Outbound(note=noted.append, reach=THIS_MACHINE, filters=bench.installation.vault.filters)
    yield made
    await made.aclose()


def echo_of(bench: Bench, server: Server, outbound: Outbound) -> Connectors:
    vault = bench.installation.vault
    kind = ConnectorType(name="mis", title="MIS", role=Role.MIS, settings=PretendSettings, build=Echo)
    installation = Installation(bench.installation.store, vault, {"mis": kind}, outbound)
    shared = {"user": "u", "password": vault.seal(PASSWORD), "server": server.url}
    record = msgspec.structs.replace(bench.subscriber.connectors["mis"], shared=shared)
    return installation.build(msgspec.structs.replace(bench.subscriber, connectors={"mis": record}), "")


def secrets_in(shown: str) -> list[str]:
    forms = [form(secret) for secret in (PASSWORD, TOKEN, TICKET) for form in FORMS]
    return [form for form in forms if form.strip('"').lower() in shown.lower()]


async def test_nothing_of_them_leaves_a_connector(
    bench: Bench, answers: Server, outbound: Outbound, noted: list[CallRow]
) -> None:
    connectors = echo_of(bench, answers, outbound)
    with capture_response(lambda: False) as heard, pytest.raises(Refused) as caught:
        await connectors.quote_price("mis", QUERY)
    checks = await connectors.check_connection("mis")
    assert "The MIS says xxx" in str(caught.value)
    assert len(heard.body) == MOST_BYTES
    assert heard.body.startswith(b"xxx")
    assert noted[0].error.startswith("xxx")
    everything = f"{caught.value!r} {caught.value} {caught.value.fix} {checks} {heard.body.decode()} {noted}"
    assert secrets_in(everything) == []
    assert b"press" not in heard.body, "not the half of one either"


async def test_a_short_error_is_noted_without_them(
    bench: Bench, outbound: Outbound, noted: list[CallRow]
) -> None:
    body = b"bad " + REPEATED.encode()
    async with Server(REPLY % (len(body), body)) as server:
        with pytest.raises(Refused):
            await echo_of(bench, server, outbound).quote_price("mis", QUERY)
    [call] = noted
    assert call.error.startswith("bad (hidden); (hidden)")
    assert call.path == "/api/(hidden)"
    assert secrets_in(f"{noted}") == []


async def test_what_is_noted_is_not_cut_within_a_secret(
    bench: Bench, outbound: Outbound, noted: list[CallRow]
) -> None:
    body = b"x" * (MOST_TEXT - 5) + PASSWORD.encode()
    async with Server(REPLY % (len(body), body)) as server:
        with pytest.raises(Refused):
            await echo_of(bench, server, outbound).quote_price("mis", QUERY)
    assert "press" not in noted[0].error


async def test_the_secret_of_one_company_changes_nothing_that_another_is_told(
    bench: Bench, outbound: Outbound
) -> None:
    body = PASSWORD.encode()
    vault = bench.installation.vault
    vault.open(vault.seal(PASSWORD), field="password", company="southfield")
    async with Server(REPLY % (len(body), body)) as server:
        with capture_response(lambda: False) as heard:
            request = HttpRequest(method="POST", url=server.url, changes_something=True)
            await outbound.for_connector("northfield", "mis", None).send(request)
    assert heard.body == body, "else northfield could try out what southfield's secrets are"
