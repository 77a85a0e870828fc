"""Import: products of the MIS become products of a shop."""

from makeready_hooks.markers import hookspec
from makeready_hooks.model.product import (
    ImportFile,
    MisProduct,
    ProductBinding,
    ProductDraft,
    ProductPage,
    ProductSearch,
    ShopProduct,
    Site,
    SiteChoices,
    Unfinished,
)


@hookspec
async def search_mis_products(search: ProductSearch) -> ProductPage | None:
    """One page of the MIS's products that are for sale. MIS.

    Called:  when a person looks for products to import.
    Return:  the page; ``total`` counts all that match.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def read_mis_products(product_ids: tuple[str, ...]) -> tuple[MisProduct, ...] | None:
    """The products with these ids, in any order, as they are now. MIS.

    Called:  when an import is planned, when a price or a stock level is looked up.
    Return:  those that exist; one that is missing is simply not there.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def list_sites() -> tuple[Site, ...] | None:
    """The storefronts that these credentials can see. Storefront.

    Raise:   NotSupported if the account cannot list them: the operator then types the domain.
    """


@hookspec
async def read_site_choices(site: str) -> SiteChoices | None:
    """What an import into this site can be given: user groups, categories, workflows. Storefront.

    Return:  the choices; a list that the account cannot read is None.
    Raise:   Refused if the site is unknown.
    """


@hookspec
async def list_shop_products(site: str) -> tuple[ShopProduct, ...] | None:
    """Every product of this site that is not deleted, whoever made it. Storefront.

    Called:  when an import or an adoption is planned, and when orphans are looked for.
    Return:  id, name, both part numbers and URL name of each, with as few calls as the shop allows.
    Raise:   RetryLater, also if the list changed while it was read; Refused.
    """


@hookspec
async def find_shop_product(site: str, url_name: str) -> ShopProduct | None:
    """The product with exactly this URL name in this site. Storefront.

    Called:  before a create is repeated whose answer was lost.
    Return:  the product, or None: it is certainly not there.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def create_shop_product(draft: ProductDraft) -> ShopProduct | None:
    """Make one product. Storefront.

    Called:  once per import item; again, with ``may_exist``, after `find_shop_product` said no.
    Return:  the product with its id, and what is left to be done by hand.
    Raise:   Refused with the shop's own words; RetryLater if nothing was made; OutcomeUnknown if
             it may have been made.
    """


@hookspec
async def check_shop_product(draft: ProductDraft, shop_product_id: str) -> tuple[str, ...] | None:
    """What a product that was made lacks of its draft: a sentence for a person each. Storefront.

    Called:  when a create had no answer and its product was found.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def read_shop_binding(site: str, shop_product_id: str) -> ProductBinding | None:
    """What ties a product to an MIS or to a pricing engine now. Storefront.

    Called:  before a product is adopted; the answer is kept, so that it can be undone.
    Raise:   RetryLater; Refused if there is no such product.
    """


@hookspec
async def bind_shop_product(
    site: str, shop_product_id: str, binding: ProductBinding
) -> tuple[str, ...] | None:
    """Give a product this binding, and leave everything else of it as it is. Storefront.

    Called:  to adopt a product, and to undo it. Again, if the answer was lost: twice must be as once.
    Return:  what the shop did not take, a sentence for a person each.
    Raise:   RetryLater if it is not certain that it was done; Refused.
    """


@hookspec
def write_import_file(products: tuple[Unfinished, ...]) -> ImportFile | None:
    """A file for the shop's own import, that does by hand what its API did not. Pure. Storefront."""
