"""An MIS connector that lets secrets be seen, mixes companies up, or holds the others up."""

import asyncio
import logging
import time
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
from broken import Around, Platen, broken, made, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.model.setup import Check
from msgspec.structs import force_setattr
from platen_client import PlatenClient

WRITTEN = "test_no_secret_is_written_anywhere"
ADDRESS = "test_every_call_goes_to_the_server_of_the_settings_and_shows_no_secret_in_its_address"
SHARE = "test_two_companies_share_nothing"
HOLDS = "test_it_never_holds_up_the_others"


@broken("no secret is in the text of an error", WRITTEN, "test_an_answer_that_is_none_is_never_taken_for_one")
class SecretInTheTextOfAFailure(Platen):
    class line(Around):  # noqa: N801
        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if answer.status >= 500:
                raise RetryLater(f"Platen says {answer.body.decode()}.")
            return answer


@broken("no secret is in the log", WRITTEN)
class SecretInTheLog(Platen):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            logging.getLogger("acme").debug("calling %s with %s", request.url, dict(request.headers))
            return request


@broken("no secret is on the terminal", WRITTEN)
class SecretOnTheTerminal(Platen):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            print(dict(request.headers))  # noqa: T201
            return request


@broken("no secret is in a query that is not said to hold one", ADDRESS)
class SecretInTheQuery(Platen):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            return replace(request, query=(*request.query, ("key", request.headers["X-Platen-Key"])))


@broken("no secret is in a path", ADDRESS)
class SecretInThePath(Platen):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            key = f"/{request.headers['X-Platen-Key']}" if request.url.endswith("account") else ""
            return replace(request, url=f"{request.url}{key}")


@broken("calls go where the settings lead", ADDRESS)
class TellsSomebodyElse(Platen):
    class line(Around):  # noqa: N801
        async def send(self, request: HttpRequest) -> HttpAnswer:
            statistics = HttpRequest(method="POST", url="http://statistics.example/calls")
            await self.http.send(statistics)
            return await self.http.send(request)


@broken("a redirect is not followed", "test_a_redirect_is_not_followed")
class FollowsARedirectWithTheKey(Platen):
    class line(Around):  # noqa: N801
        async def send(self, request: HttpRequest) -> HttpAnswer:
            answer = await self.http.send(request)
            if "location" in answer.headers:
                return await self.http.send(replace(request, url=answer.headers["location"]))
            return answer


@broken("no cookie is kept", "test_no_cookie_is_kept_or_given_back")
class KeepsCookies(Platen):
    jar: ClassVar[dict[str, str]] = {}

    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            return replace(request, headers={**request.headers, **KeepsCookies.jar})

        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if "set-cookie" in answer.headers:
                KeepsCookies.jar["Cookie"] = answer.headers["set-cookie"]
            return answer


@broken(
    "a connector has no client of its own",
    "test_it_talks_to_its_vendor_through_the_client_that_it_is_given_alone",
)
class ItsOwnClientIsNeverClosed(Platen):
    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        self.own = httpx.AsyncClient(verify=False)  # noqa: S501
        return await super().check_connection()


@broken("one company's client is not another's", SHARE)
class ClientSharedBetweenCompanies(Platen):
    first: ClassVar[dict[str, Any]] = {}

    @staticmethod
    def made(settings: Any, context: Any) -> Any:
        shared = ClientSharedBetweenCompanies.first
        http = context.http
        if shared.get("line") is not None and shared["loop"] is asyncio.get_running_loop():
            http = shared["line"]
        shared.update(line=http, loop=asyncio.get_running_loop())
        return made(ClientSharedBetweenCompanies, settings, replace(context, http=http))


@broken("one company's key is not another's", SHARE)
class KeySharedBetweenCompanies(Platen):
    keys: ClassVar[dict[str, str]] = {}

    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            host = urlsplit(request.url).netloc
            known = KeySharedBetweenCompanies.keys.setdefault(host, request.headers["X-Platen-Key"])
            return replace(request, headers={**request.headers, "X-Platen-Key": known})

        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if answer.status == 401:
                KeySharedBetweenCompanies.keys.clear()
            return answer


@broken("one company's prices are not another's", SHARE)
class PricesSharedBetweenCompanies(Platen):
    known: ClassVar[dict[PriceQuery, tuple[object, Quote]]] = {}

    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        loop = asyncio.get_running_loop()
        kept = self.known.get(query)
        if kept is None or kept[0] is not loop:
            self.known[query] = kept = (loop, await super().quote_price(query))
        return kept[1]


@broken("settings stay as they are", "test_its_settings_stay_as_they_are")
class SettingsMutatedWhileMapping(Platen):
    @hookimpl
    def map_order(self, request: Any) -> Any:
        force_setattr(self._settings, "currency", request.order.currency or "XXX")
        return super().map_order(request)


@broken("nobody is held up", HOLDS)
class BlocksTheLoop(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        time.sleep(0.01)  # noqa: ASYNC251
        return await super().quote_price(query)


@broken("nobody is held up by reckoning", HOLDS)
class ReckonsForLong(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        until = time.monotonic() + 1.2
        while time.monotonic() < until:
            pass
        return await super().quote_price(query)


@broken("whoever waits can be cancelled", "test_whoever_waits_can_be_cancelled")
class SwallowsCancellation(Platen):
    class line(Around):  # noqa: N801
        async def send(self, request: HttpRequest) -> HttpAnswer:
            try:
                return await self.http.send(request)
            except asyncio.CancelledError:
                raise RetryLater("Platen was not quick enough.") from None


@broken("nothing is sent after a cancellation", "test_whoever_waits_can_be_cancelled")
class TriesAgainWhenCancelled(Platen):
    class line(Around):  # noqa: N801
        async def send(self, request: HttpRequest) -> HttpAnswer:
            try:
                return await self.http.send(request)
            except asyncio.CancelledError:
                return await self.http.send(request)


@broken("test connection changes nothing", "test_a_check_of_the_connection_changes_nothing_over_there")
class CheckConnectionWrites(Platen):
    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        await self._client.change("POST", "customers", {"email": "test@kit.example", "name": "Test"})
        return await super().check_connection()


@broken("an outage is a finding of test connection", "test_a_check_of_the_connection_tells_of_each_trouble")
class CheckRaises(Platen):
    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        await self._client.read("account", has="currency")
        return await super().check_connection()


@broken(
    "test connection tells of a refused login", "test_a_refused_login_says_what_to_check_and_shows_no_secret"
)
class CheckIsAlwaysContent(Platen):
    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        await super().check_connection()
        return (Check(name="connection", ok=True, message="Fine."),)


@broken(
    "building a connector does nothing",
    "test_it_talks_to_its_vendor_through_the_client_that_it_is_given_alone",
)
class OpensAClientWhenItIsBuilt(Platen):
    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.own = httpx.Client()


@broken("what the vendor repeats of a request is not shown with its secrets", WRITTEN)
class ShowsWhatTheVendorRepeats(Platen):
    class client(PlatenClient):  # noqa: N801
        def _said(self, answer: HttpAnswer) -> Any:
            if answer.status >= 400:
                raise RetryLater(f"Platen says {answer.body.decode()}")
            return super()._said(answer)


@broken(
    "what is said without a call is always the same", "test_what_is_said_without_a_call_is_always_the_same"
)
class LimitsSharedBetweenCompanies(Platen):
    asked: ClassVar[list[int]] = []

    @hookimpl
    def list_limits(self) -> Any:
        self.asked.append(1)
        return super().list_limits()[: len(self.asked) % 3]
