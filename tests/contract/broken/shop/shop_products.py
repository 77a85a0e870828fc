"""A storefront connector that makes or finds other products than it was told."""

from decimal import Decimal

from broken import Pressero, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, RetryLater
from makeready_hooks.model.product import ProductBinding, ProductDraft, ShopMarkup, ShopProduct, SiteChoices
from makeready_hooks.model.setup import Installed

ALIKE = "test_url_names_that_are_alike_are_told_apart"


@broken("a product is found by its whole URL name", ALIKE)
class FindsProductsByTheBeginning(Pressero):
    @hookimpl
    async def find_shop_product(self, site: str, url_name: str) -> ShopProduct | None:
        found = await self.list_shop_products(site)
        return next(
            (one for one in found if one.url_name.startswith(url_name) or url_name.startswith(one.url_name)),
            None,
        )


@broken(
    "a product is not certainly absent if the look failed",
    "test_a_lost_answer_or_a_deadline_is_try_later_whichever_it_is",
)
class ProductIsAbsentWhenTheLookFails(Pressero):
    @hookimpl
    async def find_shop_product(self, site: str, url_name: str) -> ShopProduct | None:
        try:
            return await super().find_shop_product(site, url_name)
        except MakereadyError:
            return None


@broken(
    "a product whose answer was lost may have been made",
    "test_whichever_answer_is_lost_the_outcome_is_unknown_if_there_was_an_effect",
)
class LostProductIsTryLater(Pressero):
    @hookimpl
    async def create_shop_product(self, draft: ProductDraft) -> ShopProduct:
        try:
            return await super().create_shop_product(draft)
        except OutcomeUnknown as exc:
            raise RetryLater(exc.message) from exc


@broken(
    "a product is made once", "test_whichever_answer_is_lost_the_outcome_is_unknown_if_there_was_an_effect"
)
class MakesProductsAgain(Pressero):
    @hookimpl
    async def create_shop_product(self, draft: ProductDraft) -> ShopProduct:
        try:
            return await super().create_shop_product(draft)
        except OutcomeUnknown:
            return await super().create_shop_product(draft)


@broken("a product has its own part number", "test_a_product_that_was_made_is_found_by_its_url_name")
class PartNumbersAreLeftOut(Pressero):
    @hookimpl
    async def create_shop_product(self, draft: ProductDraft) -> ShopProduct:
        return await super().create_shop_product(replace(draft, part_number="-"))


@broken("a product is of its site", "test_products_are_those_of_their_site")
class ProductsOfAllSites(Pressero):
    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        found: list[ShopProduct] = []
        for one in await self.list_sites():
            found += await super().list_shop_products(one.domain)
        return tuple(found)


@broken("all products of a site are listed", "test_numbers_that_hold_any_text_come_back_the_same")
class TwelveProductsAreEnough(Pressero):
    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        return (await super().list_shop_products(site))[:12]


@broken("a binding is written", "test_a_product_is_bound_and_given_back_and_the_rest_of_it_stays")
class BindingsAreForgotten(Pressero):
    @hookimpl
    async def write_shop_binding(
        self, site: str, shop_product_id: str, binding: ProductBinding
    ) -> tuple[str, ...]:
        return ()


@broken(
    "a binding that was not written is tried again",
    "test_a_binding_whose_answer_was_lost_is_try_later_and_can_be_repeated",
)
class LostBindingIsUnknown(Pressero):
    @hookimpl
    async def write_shop_binding(
        self, site: str, shop_product_id: str, binding: ProductBinding
    ) -> tuple[str, ...]:
        try:
            return await super().write_shop_binding(site, shop_product_id, binding)
        except RetryLater as exc:
            raise OutcomeUnknown(exc.message) from exc


@broken(
    "a mark-up is set, not added",
    "test_a_mark_up_is_set_once_however_often_and_the_rest_of_the_product_stays",
)
class MarkupsAreAdded(Pressero):
    @hookimpl
    async def write_shop_markup(self, site: str, shop_product_id: str, percent: Decimal) -> tuple[str, ...]:
        now = (await self.read_shop_markup(site, shop_product_id)).percent or Decimal(0)
        return await super().write_shop_markup(site, shop_product_id, now + percent)


@broken("the mark-up is the product's own", "test_the_mark_up_of_a_product_that_was_made_is_read")
class MarkupsAreAlwaysNone(Pressero):
    @hookimpl
    async def read_shop_markup(self, site: str, shop_product_id: str) -> ShopMarkup:
        return ShopMarkup(percent=Decimal(0))


@broken("what is installed is not installed again", "test_installing_twice_makes_nothing_twice")
class InstallsAgain(Pressero):
    @hookimpl
    async def install(self) -> tuple[Installed, ...]:
        self._context = replace(self._context, webhook_url=f"{self._context.webhook_url}x")
        return await super().install()


@broken("an unknown site is refused", "test_an_unknown_site_is_refused")
class UnknownSitesAreEmpty(Pressero):
    @hookimpl
    async def read_site_choices(self, site: str) -> SiteChoices:
        try:
            return await super().read_site_choices(site)
        except MakereadyError:
            return SiteChoices(groups=(), categories=(), workflows=())
