"""Products of the MIS as a person looks for them: by page, by id, by code."""

from collections.abc import Mapping, Sequence

from makeready.connectors import Connectors
from makeready.contexts import LinkContext
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import RetryLater
from makeready_hooks.model.product import MisProduct, ProductKind, ProductSearch
from makeready_hooks.names import same_name
from msgspec import Struct, structs

from makeready_imports.csv_file import Row, RowError

READ_AT_ONCE = 50
EVERYTHING = 1_000_000


class Listed(Struct, frozen=True, kw_only=True):
    """A product of the MIS, and what it is in the chosen site."""

    product: MisProduct
    imported: bool = False
    shop_product_id: str = ""


class Listing(Struct, frozen=True, kw_only=True):
    """One page."""

    products: tuple[Listed, ...]
    next: str
    """Asks for the page after it; empty if this is the last."""
    total: int | None
    """Of all pages; None if the MIS does not tell."""


async def list_products(
    context: LinkContext, subscriber: Subscriber, search: ProductSearch, site: str = "", mis: str = ""
) -> Listing:
    """A page of the products for sale of the only MIS, or of ``mis``; those that are in ``site`` through us are marked."""
    connectors = await context.connectors(subscriber)
    mis = connectors.mis(mis)
    page = await connectors.search_mis_products(mis, search)
    links = await context.store.links.of_site(subscriber.name, site) if site else []
    linked = {
        link.product_id: link.shop_product_id for link in links if link.linked_at and link.mis in ("", mis)
    }
    found = tuple(
        Listed(product=one, imported=one.id in linked, shop_product_id=linked.get(one.id, ""))
        for one in page.products
    )
    return Listing(products=found, next=page.next, total=page.total)


async def all_matching(connectors: Connectors, mis: str, text: str) -> tuple[MisProduct, ...]:
    """Every product for sale that a search finds. Raises RetryLater, also if the list goes in a circle."""
    found: dict[str, MisProduct] = {}
    search, asked = ProductSearch(text=text, page_size=EVERYTHING), {""}
    while True:
        page = await connectors.search_mis_products(mis, search)
        found.update((one.id, one) for one in page.products)
        if not page.next:
            return tuple(found.values())
        if page.next in asked:
            raise RetryLater("The MIS's list of products leads back to a page that was read.")
        asked.add(page.next)
        search = structs.replace(search, cursor=page.next)


async def named(
    connectors: Connectors, mis: str, rows: Sequence[Row]
) -> tuple[list[tuple[Row, MisProduct]], list[RowError]]:
    """The products that rows name by id or code, each once, and the rows that name none.

    A few are read by id, many with the whole catalogue: the MIS is asked as rarely as possible.
    """
    few = len(rows) <= READ_AT_ONCE
    asked = tuple(row.product for row in rows) if few else ()
    known = await connectors.read_mis_products(mis, asked) if asked else ()
    by_id = {product.id: product for product in known}
    by_code: dict[str, list[MisProduct]] = {}
    if any(row.product not in by_id for row in rows):
        for product in await all_matching(connectors, mis, ""):
            by_id.setdefault(product.id, product)
            by_code.setdefault(product.code.strip(), []).append(product)
    good: dict[str, tuple[Row, MisProduct]] = {}
    errors = []
    for row in rows:
        found = [by_id[row.product]] if row.product in by_id else by_code.get(row.product.strip(), [])
        if problem := _problem(row, found, good, by_code):
            errors.append(RowError(row=row, problem=problem))
        else:
            good[found[0].id] = (row, found[0])
    return list(good.values()), errors


def why_not_sold(product: MisProduct) -> str:
    """Why a product cannot be one of a shop's, for people; "" if it can."""
    if product.kind is ProductKind.BLUEPRINT:
        variants = ", ".join(product.variants) or "it has none now"
        return f"Product {product.id} is not for sale by itself: import its variants instead ({variants})."
    if product.kind is ProductKind.OTHER:
        return f"Product {product.id} is a part or a process, not for sale."
    return ""


def _problem(
    row: Row,
    found: Sequence[MisProduct],
    good: Mapping[str, tuple[Row, MisProduct]],
    codes: Mapping[str, Sequence[MisProduct]],
) -> str:
    if not found:
        near = next((code for code in codes if same_name(code, row.product)), "")
        hint = f" It has the code {near}." if near else ""
        return f"The MIS has no product {row.product} that is for sale.{hint}"
    if len(found) > 1:
        ids = ", ".join(product.id for product in found)
        return f"{len(found)} products have the code {row.product}: give an id, one of {ids}."
    if problem := why_not_sold(found[0]):
        return problem
    if found[0].id in good:
        earlier, _ = good[found[0].id]
        where = f"in line {earlier.line} already" if earlier.line else "named twice"
        return f"Product {found[0].id} is {where}."
    return ""
