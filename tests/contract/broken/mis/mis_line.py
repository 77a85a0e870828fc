"""An MIS connector that misunderstands what comes, or does not come, over the line."""

from typing import Any

from broken import Around, Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import ConfigError, MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.product import ProductPage, ProductSearch
from makeready_hooks.model.submission import AcceptedOrder, PreparedOrder
from platen_client import PlatenClient

LOST = "test_whichever_answer_is_lost_the_outcome_is_unknown_if_there_was_an_effect"
FITS = "test_whatever_is_answered_what_a_hook_says_fits_what_was_done"
SAYS = "test_what_changes_something_says_so_and_nothing_else_does"
NONE = "test_an_answer_that_is_none_is_never_taken_for_one"
AWAY = "test_a_lost_answer_or_a_deadline_is_try_later_whichever_it_is"


@broken("an order is sent once, whatever becomes of its answer", LOST)
class SendsAgainOnATimeOut(Platen):
    class line(Around):  # noqa: N801 - what it puts around its client
        async def send(self, request: HttpRequest) -> HttpAnswer:
            try:
                return await self.http.send(request)
            except OutcomeUnknown:
                return await self.http.send(request)


def instead(status: range, error: type[MakereadyError]) -> Any:
    """A client that takes these statuses for this error."""

    class Client(PlatenClient):
        async def _send(self, method: str, path: str, headers: Any = None, **more: Any) -> HttpAnswer:
            if headers is None:
                headers = {}
            answer = await super()._send(method, path, headers, **more)
            if answer.status in status:
                raise error(f"Platen answers with {answer.status}.")
            return answer

    return Client


@broken("a 5xx to an order is an unknown outcome", FITS)
class FiveHundredIsRefused(Platen):
    client = instead(range(500, 600), Refused)


@broken("a 5xx to an order is not tried again without a look", FITS)
class FiveHundredIsTryLater(Platen):
    client = instead(range(500, 600), RetryLater)


@broken("a 5xx to a reading is no unknown outcome", NONE)
class FiveHundredIsUnknown(Platen):
    client = instead(range(500, 600), OutcomeUnknown)


@broken("a vendor that asks to wait is asked later", NONE)
class TooManyCallsIsRefused(Platen):
    client = instead(range(429, 430), Refused)


@broken("a request that timed out over there may have been done", FITS)
class RequestTimeOutIsRefused(Platen):
    client = instead(range(408, 409), Refused)


@broken("what the vendor refuses is not sent for ever", FITS)
class NotFoundIsTryLater(Platen):
    client = instead(range(404, 405), RetryLater)


@broken("a server that is away has nothing to do with the settings", NONE)
class BadGatewayIsASetting(Platen):
    client = instead(range(502, 505), ConfigError)


@broken("an answer that cannot be read does not accept an order", FITS)
class UnreadableIsAccepted(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        try:
            return await super().submit_order(prepared)
        except OutcomeUnknown as exc:
            if "cannot be read" not in str(exc):
                raise
            return AcceptedOrder(id=prepared.key)


@broken("an order whose answer was lost is not refused", LOST)
class LostIsRefused(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        try:
            return await super().submit_order(prepared)
        except OutcomeUnknown as exc:
            raise Refused(exc.message) from exc


@broken("an order whose answer was lost may have been taken", LOST)
class LostIsTryLater(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        try:
            return await super().submit_order(prepared)
        except OutcomeUnknown as exc:
            raise RetryLater(exc.message) from exc


@broken("a call that changes something says so", SAYS)
class ChangesAreNotMarked(Platen):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            return replace(request, changes_something=False)


@broken("a call that changes nothing does not say that it does", AWAY)
class ReadingsAreMarked(Platen):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            return replace(request, changes_something=True)


@broken("a reading that was lost is no empty list", AWAY)
class LostIsEmpty(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        try:
            return await super().search_mis_products(search)
        except RetryLater:
            return ProductPage(products=())


@broken("an answer without the members that are needed is none", NONE)
class MissingMembersAreADefect(Platen):
    class client(PlatenClient):  # noqa: N801
        async def read(self, path: str, *query: tuple[str, str], has: str) -> dict[str, Any]:
            class Whatever(dict):  # type: ignore[type-arg]
                def __contains__(self, key: object) -> bool:
                    return True

            said = await super().read(path, *query, has="")
            return Whatever(said)

        def _said(self, answer: HttpAnswer) -> Any:
            said = super()._said(answer)
            return replace(said, body={**said.body, "": 1})


@broken("what a web page before the vendor says is no answer", NONE)
class WebPageIsNothing(Platen):
    class line(Around):  # noqa: N801
        def hear(self, request: HttpRequest, answer: HttpAnswer) -> HttpAnswer:
            if answer.body.startswith(b"<"):
                return replace(answer, body=b'{"items":[],"orders":[],"stock":[],"customers":[],"next":null}')
            return answer


@broken("an order is in the MIS when its last step was done", SAYS)
class LastStepIsLeftOut(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        return AcceptedOrder(id=await self._draft(prepared))


@broken("an order is called as the MIS calls it", FITS)
class DraftIsTakenForTheOrder(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        draft = await self._draft(prepared)
        await self._client.change("POST", f"drafts/{draft}/confirm", {})
        return AcceptedOrder(id=draft)


@broken("one order is sent once", "test_an_order_that_is_taken_has_an_id")
class SendsEverythingTwice(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        await super().submit_order(prepared)
        return await super().submit_order(prepared)


@broken("a draft of other content is never confirmed", "test_a_draft_of_other_content_is_never_confirmed")
class StaleDraftIsConfirmed(Platen):
    async def _filled(self, begun: Any, prepared: PreparedOrder) -> str:
        return str(begun.id)


@broken("a call has an end", "test_a_call_lasts_no_longer_than_it_says")
class DeadlineOfHours(Platen):
    class line(Around):  # noqa: N801
        def ask(self, request: HttpRequest) -> HttpRequest:
            return replace(request, deadline_s=86_400.0)


@broken("a submission lasts no longer than it says", "test_a_submission_ends_within_its_deadline")
class DeadlineOfOneStep(Platen):
    @hookimpl
    def map_order(self, request: Any) -> PreparedOrder:
        return replace(super().map_order(request), deadline_s=self._settings.call_within_s)


@broken("a refusal is told in the MIS's words", "test_an_order_that_is_refused_says_so_in_the_mis_s_words")
class RefusalWithoutWords(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        try:
            return await super().submit_order(prepared)
        except Refused as exc:
            raise Refused("It was refused.") from exc


@broken("an error is one of the contract's", NONE)
class RaisesItsOwnErrors(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        try:
            return await super().search_mis_products(search)
        except MakereadyError as exc:
            raise RuntimeError("Platen is broken") from exc
