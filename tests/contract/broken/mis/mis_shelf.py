"""An MIS connector that tells of other products or levels than there are."""

from typing import Any

from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.model.product import MisProduct, ProductKind, ProductPage, ProductSearch, StockLevel

STOCK = "test_stock_is_what_is_on_the_shelf_and_what_of_it_is_promised"
PAGES = "test_every_product_is_on_some_page"


@broken("all pages are read", PAGES)
class FirstPageOnly(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        return replace(await super().search_mis_products(search), next="")


@broken("a page follows the one before", "test_pages_together_hold_every_product_once")
class PagesOverlap(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        if search.cursor:
            place = max(int(search.cursor[1:]) - 1, 1)
            search = replace(search, cursor=f"~{place}")
        return await super().search_mis_products(search)


@broken("pages can be of changing sizes", "test_pages_of_changing_sizes_hold_every_product_once")
class PagesCountedByTheirSize(Platen):
    """The cursor is the number of the page."""

    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        size = min(search.page_size, 7)
        page = int(search.cursor or 0)
        cursor = f"~{page * size}" if page else ""
        found = await super().search_mis_products(replace(search, cursor=cursor, page_size=size))
        return replace(found, next=str(page + 1) if found.next else "")


@broken("a total is that of all", "test_pages_together_hold_every_product_once")
class TotalIsOfThePage(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        found = await super().search_mis_products(search)
        return replace(found, total=len(found.products))


@broken("a search looks for its words", "test_a_search_for_words_that_nothing_has_finds_nothing")
class SearchIgnoresItsWords(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        return await super().search_mis_products(replace(search, text=""))


@broken("a cursor that is none is refused", "test_a_cursor_that_is_none_is_refused")
class OddCursorIsTheBeginning(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        return await super().search_mis_products(
            replace(search, cursor=search.cursor if search.cursor.startswith("~") else "")
        )


@broken("all products asked for are read", "test_all_products_are_read_by_their_ids_at_once")
class TenIdsAreEnough(Platen):
    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        return await super().read_mis_products(product_ids[:10])


@broken("a product that does not exist is not there", "test_only_products_that_exist_are_read")
class ProductsOutOfNothing(Platen):
    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        found = {one.id: one for one in await super().read_mis_products(product_ids)}
        return tuple(found.get(one) or MisProduct(id=one) for one in product_ids)


@broken("an id is any text", "test_an_id_that_is_any_text_comes_back_the_same")
class IdsAreStripped(Platen):
    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        return await super().read_mis_products(tuple(one.replace(" ", "") for one in product_ids))


@broken("what is promised to others is not sold again", STOCK)
class ReservedStockIsSoldAgain(Platen):
    @hookimpl
    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        return tuple(
            replace(one, allocated=one.allocated * 0) for one in await super().read_stock(product_ids)
        )


@broken("what is promised is taken off once", STOCK)
class StockBelowNothing(Platen):
    @hookimpl
    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        found = await super().read_stock(product_ids)
        return tuple(replace(one, on_hand=one.on_hand - one.allocated) for one in found)


@broken("each product has its own level", STOCK)
class StockOfTheFirstForAll(Platen):
    @hookimpl
    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        found = await super().read_stock(product_ids)
        return tuple(replace(found[0], product_id=one.product_id) for one in found)


@broken("a level that has changed is told", "test_a_level_that_has_changed_is_told_from_then_on")
class StockIsRemembered(Platen):
    @hookimpl
    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        self.kept: Any = getattr(self, "kept", {})
        if product_ids not in self.kept:
            self.kept[product_ids] = await super().read_stock(product_ids)
        return self.kept[product_ids]


@broken("a product is of a kind that the type says", "test_every_product_is_of_a_kind_that_the_type_says")
class KindsNobodyHeardOf(Platen):
    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        found = await super().search_mis_products(search)
        return replace(found, products=tuple(replace(one, kind=ProductKind.OTHER) for one in found.products))
