"""An MIS connector that believes what a search shows that lags behind, or that shows what others asked for."""

from typing import Any

from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.model.order import Artwork
from makeready_hooks.model.product import MisProduct, ProductPage, ProductSearch
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    FindResult,
    FoundChange,
    MisOrder,
    OrderRequest,
    PreparedOrder,
    ResolvedId,
)
from platen_client import PlatenClient
from platen_mapping import mis_order

LATE = "test_what_a_vendor_shows_late_is_found_as_soon_as_it_shows_it"
NO_PROOF = "test_a_look_that_finds_nothing_is_no_proof_that_nothing_was_done"
EVERYTHING = "test_a_search_that_finds_everything_finds_only_what_was_asked_for"
OTHER_SIZE = "test_another_page_size_in_mid_list_loses_nothing_and_tells_nothing_twice"


@broken("what was not there a moment ago is looked for anew", LATE)
class RemembersThatItIsNotThere(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        known: dict[str, FindResult] = self.__dict__.setdefault("known", {})
        if prepared.key not in known:
            known[prepared.key] = await super().find_submitted_order(prepared)
        return known[prepared.key]


@broken("an order that is not shown yet is asked for again", LATE)
class RemembersOrders(Platen):
    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...]:
        known: dict[Any, Any] = self.__dict__.setdefault("read", {})
        if numbers not in known:
            known[numbers] = await super().read_mis_orders(numbers)
        return tuple(known[numbers])


@broken("an order that is not found may have been taken", NO_PROOF)
class NotFoundIsNotTaken(Platen):
    """It looks by itself where an answer was lost."""

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        try:
            return await super().submit_order(prepared)
        except OutcomeUnknown as exc:
            found = await self.looked(prepared)
            if found.order is None and found.begun is None:
                raise RetryLater("Platen does not have it.") from exc
            raise

    async def looked(self, prepared: PreparedOrder) -> FindResult:
        try:
            return await super().find_submitted_order(prepared)
        except MakereadyError:
            return FindResult(certain=False, begun=prepared.begun)


@broken("an order that is not found is not sent again by the connector", NO_PROOF)
class NotFoundIsSentAgain(Platen):
    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        try:
            return await super().submit_order(prepared)
        except OutcomeUnknown:
            if (await super().find_submitted_order(prepared)).certain:
                return await super().submit_order(prepared)
            raise


@broken(
    "of an order that is not shown nobody knows whether its file was replaced",
    "test_of_what_a_vendor_does_not_show_nothing_is_said_to_be_done_or_not",
)
class FilesThatAreNotShownAreNotReplaced(Platen):
    @hookimpl
    async def find_replacement(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork
    ) -> FoundChange | None:
        try:
            return await super().find_replacement(accepted, line, old, new)
        except MakereadyError:
            return FoundChange(done=False)


@broken("an order is ours by its key, whatever else is shown", EVERYTHING)
class TakesTheFirstOrder(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        found = await self._client.read("found", ("our_ref", prepared.key), has="orders")
        for one in found["orders"]:
            return FindResult(order=mis_order(one))
        return await super().find_submitted_order(prepared)


@broken("orders of others prove that the filter was not heeded", EVERYTHING)
class OthersProveAnAbsence(Platen):
    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        found = await super().find_submitted_order(prepared)
        return replace(found, certain=found.order is None and found.begun is None)


@broken("a customer is known by what was asked for", EVERYTHING)
class TakesTheFirstCustomer(Platen):
    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        email = request.order.buyer.email or ""
        rows = (await self._client.read("customers", ("email", email), has="customers"))["customers"]
        if rows and not may_make:
            return (
                ResolvedId(kind="customer", id=rows[0]["ref"], text=f"found by the e-mail address {email}"),
            )
        return await super().resolve_ids(request, may_make)


@broken("a product that was not asked for is not read", EVERYTHING)
class ReadsWhateverIsShown(Platen):
    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        asked = tuple(("ref", one) for one in product_ids)
        shown = await self._client.read("items/named", *asked, has="items") if asked else {"items": []}
        wanted = [one["ref"] for one in shown["items"]]
        return await super().read_mis_products(tuple(wanted))


@broken("the next page begins where the last one ended", OTHER_SIZE)
class PagesOfFive(Platen):
    """It counts on, and does not look at what was shown."""

    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        found = await super().search_mis_products(search)
        place = int(search.cursor.removeprefix("~") or 0) + min(search.page_size, 5)
        return replace(found, next=f"~{place}" if found.next else "")


class Numbered(PlatenClient):
    """It takes no page for the last one until one is empty, and then begins anew."""

    async def read(self, path: str, *query: tuple[str, str], has: str) -> dict[str, Any]:
        found = await super().read(path, *query, has=has)
        if path == "items" and not found["next"] and ("after", "~0") not in query:
            return {**found, "next": "~0" if len(found["items"]) < 2 else None}
        return found


@broken("pages come to an end", "test_pages_of_ever_other_sizes_come_to_an_end")
class BeginsAnewAfterAShortPage(Platen):
    client = Numbered
