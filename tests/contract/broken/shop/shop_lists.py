"""A storefront connector that is misled by lists, or makes things twice in the shop's account."""

from typing import Any

from broken import Pressero, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.product import ShopProduct
from makeready_hooks.model.setup import Installed, InstallKind, InstallState
from makeready_pressero.orders.mapping import orders_from
from makeready_pressero.products.mapping import shop_product
from makeready_pressero.session import page_of

WITHHELD = "test_a_list_that_is_empty_and_counts_rows_proves_nothing"
EVERYTHING = "test_a_search_that_finds_everything_finds_only_what_was_asked_for"
OTHER_SIZE = "test_another_page_size_in_mid_list_loses_nothing_and_tells_nothing_twice"
TOTAL = "test_a_total_that_changes_in_mid_list_loses_nothing_and_tells_nothing_twice"
LOST = "test_whichever_answer_is_lost_an_installation_makes_nothing_twice_and_tells_what_is_missing"
ANSWERS = "test_whatever_is_answered_an_installation_makes_nothing_twice_and_tells_what_is_missing"
LATE = "test_what_a_vendor_shows_late_is_found_as_soon_as_it_shows_it"
PAGE = 1000


class Paging(Pressero):
    async def shown(self, site: str, page: int) -> Any:
        query = (("pageNumber", str(page)), ("pageSize", str(PAGE)), ("includeDeleted", "false"))
        return page_of(await self._client._session.call("GET", f"site/{site}/products", query), "products")

    @staticmethod
    def told(rows: list[Any]) -> tuple[ShopProduct, ...]:
        return tuple(map(shop_product, rows))


@broken("an empty list that counts rows is no answer", WITHHELD)
class BelievesAnEmptyPage(Paging):
    @hookimpl
    async def find_shop_product(self, site: str, url_name: str) -> ShopProduct | None:
        rows = (await self.shown(site, 0)).items
        return next((one for one in self.told(rows) if one.url_name == url_name), None)


@broken("what was not there a moment ago is looked for anew", LATE)
class RemembersThatNoProductIsThere(Pressero):
    @hookimpl
    async def find_shop_product(self, site: str, url_name: str) -> ShopProduct | None:
        known: dict[Any, Any] = self.__dict__.setdefault("known", {})
        if url_name not in known:
            known[url_name] = await super().find_shop_product(site, url_name)
        found: ShopProduct | None = known[url_name]
        return found


@broken("orders of others are not asked for", EVERYTHING)
class ReadsWhateverOrdersAreShown(Pressero):
    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        rows = [row for one in refs for row in await self._client.order_items(one.number)]
        return tuple(orders_from(rows, self._settings))


@broken("a page of another size moves what follows", OTHER_SIZE)
class CountsPages(Paging):
    """It takes what pages show, until there is an empty one."""

    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        rows: list[Any] = []
        for page in range(100):
            found = (await self.shown(site, page)).items
            if not found:
                break
            rows += [row for row in found if row not in rows]
        return self.told(rows)


@broken("a list ends where there is no more, not where its total says so", TOTAL)
class EndsAtTheTotal(Paging):
    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        rows: list[Any] = []
        for page in range(100):
            shown = await self.shown(site, page)
            rows += [row for row in shown.items if row not in rows]
            if len(rows) >= (shown.total or 0):
                break
        return self.told(rows)


@broken("pages come to an end", "test_pages_of_ever_other_sizes_come_to_an_end")
class AsksUntilTheTotalIsThere(Paging):
    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        rows: list[Any] = []
        page = 0
        while True:
            shown = await self.shown(site, page)
            rows += [row for row in shown.items if row not in rows]
            if len(rows) >= (shown.total or 0):
                return self.told(rows)
            page += 1


@broken("an installation is done again, so its outcome is never unknown", LOST)
class LostInstallationIsUnknown(Pressero):
    @hookimpl
    async def install(self) -> tuple[Installed, ...]:
        try:
            return await super().install()
        except RetryLater as exc:
            raise OutcomeUnknown(exc.message) from exc


@broken("what may have been made is looked for before it is made again", LOST)
class MakesWhatWasLostAgain(Pressero):
    @hookimpl
    async def install(self) -> tuple[Installed, ...]:
        try:
            return await super().install()
        except RetryLater:
            context, client = self._context, self._client
            await client.create_webhook("Makeready (again)", "key", context.webhook_url, ("OrderPlaced",))
            return await super().install()


@broken("what was not made is not told as made", ANSWERS)
class InstalledWhateverIsAnswered(Pressero):
    @hookimpl
    async def install(self) -> tuple[Installed, ...]:
        try:
            return await super().install()
        except MakereadyError:
            made = Installed(kind=InstallKind.WEBHOOK, state=InstallState.CREATED, title="Webhook", id="w-1")
            return (made, replace(made, kind=InstallKind.PRICING_ENGINE))


@broken("all that is there is told", LOST)
class WebhooksAreNotListed(Pressero):
    @hookimpl
    async def list_installed(self) -> tuple[Installed, ...]:
        return tuple(one for one in await super().list_installed() if one.kind is not InstallKind.WEBHOOK)


@broken("what is missing is not told as there", ANSWERS)
class WhatIsMissingIsListed(Pressero):
    @hookimpl
    async def list_installed(self) -> tuple[Installed, ...]:
        there = await super().list_installed()
        engine = Installed(
            kind=InstallKind.PRICING_ENGINE, state=InstallState.EXISTING, title="Prices", id="e-1"
        )
        return there if any(one.kind is engine.kind for one in there) else (*there, engine)
