"""A storefront connector that misbehaves on the line to its vendor."""

import asyncio
import logging
import time
from typing import Any, ClassVar

import httpx
from broken import Around, Pressero, broken, made, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.setup import Check

NONE = "test_an_answer_that_is_none_is_never_taken_for_one"
WRITTEN = "test_no_secret_is_written_anywhere"


@broken(
    "a call that changes something is sent once",
    "test_whichever_answer_is_lost_the_outcome_is_unknown_if_there_was_an_effect",
)
class ShopSendsAgainOnATimeOut(Pressero):
    class line(Around):  # noqa: N801
        async def send(self, request: HttpRequest) -> HttpAnswer:
            try:
                return await self.http.send(request)
            except OutcomeUnknown:
                return await self.http.send(request)


@broken("a 5xx is no refusal", NONE)
class ShopFiveHundredIsRefused(Pressero):
    class line(Around):  # noqa: N801
        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if answer.status >= 500:
                raise Refused("Pressero fails.")
            return answer


@broken("an answer that is none is no empty list", NONE)
class UnreadableIsAnEmptyList(Pressero):
    class line(Around):  # noqa: N801
        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            is_json = answer.body.strip()[:1] in (b"{", b"[") and len(answer.body) > 2
            return answer if is_json or answer.status >= 300 else replace(answer, body=b"[]")


@broken("a call that changes something says so", "test_what_changes_something_says_so_and_nothing_else_does")
class ShopChangesAreNotMarked(Pressero):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            return replace(request, changes_something=False)


@broken(
    "a sign-in that has expired is done again",
    "test_a_sign_in_that_has_expired_is_done_again_where_there_is_one",
)
class NeverSignsInAgain(Pressero):
    class line(Around):  # noqa: N801
        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if answer.status == 401:
                raise Refused("Pressero does not know us.")
            return answer


@broken("many that ask at once sign in once", "test_many_at_once_get_the_same_and_sign_in_once")
class SignsInEachTime(Pressero):
    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        if not self._client._session._token:
            await self._client.sign_in()
        return await super().read_orders(refs)


@broken("no secret is in an error", WRITTEN)
class ShopSecretInTheTextOfAFailure(Pressero):
    class line(Around):  # noqa: N801
        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if answer.status >= 500:
                raise RetryLater(f"Pressero says {answer.body.decode()} to {request.body.decode()}.")
            return answer


@broken("no secret is in the log", WRITTEN)
class ShopSecretInTheLog(Pressero):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            logging.getLogger("acme").info("body %s", request.body.decode())
            return request


@broken("a redirect is not followed", "test_a_redirect_is_not_followed")
class ShopFollowsARedirect(Pressero):
    class line(Around):  # noqa: N801
        async def send(self, request: HttpRequest) -> HttpAnswer:
            answer = await self.http.send(request)
            if "location" in answer.headers:
                return await self.http.send(replace(request, url=answer.headers["location"]))
            return answer


@broken("no cookie is kept", "test_no_cookie_is_kept_or_given_back")
class ShopKeepsCookies(Pressero):
    class line(Around):  # noqa: N801
        jar: ClassVar[dict[str, str]] = {}

        def ask(self, request: HttpRequest) -> HttpRequest:
            return replace(request, headers={**request.headers, **self.jar})

        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if "set-cookie" in answer.headers:
                self.jar["Cookie"] = answer.headers["set-cookie"]
            return answer


@broken(
    "a connector has no client of its own",
    "test_it_talks_to_its_vendor_through_the_client_that_it_is_given_alone",
)
class ShopHasItsOwnClient(Pressero):
    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        self.own = httpx.AsyncClient(verify=False)  # noqa: S501
        return await super().check_connection()


@broken("nobody is held up", "test_it_never_holds_up_the_others")
class ShopBlocksTheLoop(Pressero):
    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        time.sleep(0.01)  # noqa: ASYNC251
        return await super().read_orders(refs)


@broken("whoever waits can be cancelled", "test_whoever_waits_can_be_cancelled")
class ShopSwallowsCancellation(Pressero):
    class line(Around):  # noqa: N801
        async def send(self, request: HttpRequest) -> HttpAnswer:
            try:
                return await self.http.send(request)
            except asyncio.CancelledError:
                raise RetryLater("Pressero was not quick enough.") from None


@broken("one company's sign-in is not another's", "test_two_companies_share_nothing")
class SignInSharedBetweenCompanies(Pressero):
    token: ClassVar[dict[str, Any]] = {}

    @staticmethod
    def made(settings: Any, context: Any) -> Any:
        hooks = made(SignInSharedBetweenCompanies, settings, context)
        session, kept = hooks._client._session, SignInSharedBetweenCompanies.token
        sign_in = session.sign_in
        session._token = kept.get(settings.admin_url, "")

        async def shared() -> None:
            await sign_in()
            kept[settings.admin_url] = session._token

        session.sign_in = shared
        return hooks


@broken("test connection changes nothing", "test_a_check_of_the_connection_changes_nothing_over_there")
class ShopCheckInstalls(Pressero):
    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        await self.install()
        return await super().check_connection()


@broken("a look at what is installed installs nothing", "test_a_reading_changes_nothing_over_there")
class LookingInstalls(Pressero):
    @hookimpl
    async def list_other_instances(self) -> tuple[str, ...]:
        self._context = replace(self._context, webhook_url=f"{self._context.webhook_url}-2")
        await self.install()
        return await super().list_other_instances()
