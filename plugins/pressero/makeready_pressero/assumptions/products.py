"""Of products in the shop and their stock."""

from typing import Annotated

from makeready_hooks.model.assumptions import INFERRED, SEEN, UNKNOWN, assumed, call_at, member_of
from msgspec import field

from makeready_pressero.assumptions.prices import PricesAssumptions


class ProductsAssumptions(PricesAssumptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    stock_transactions_path: Annotated[
        str,
        assumed(
            INFERRED,
            "Changes of a stock level, after site/{domain}/. A model of a transaction is seen, its call is not.",
            "Levels in the shop cannot be moved: the mirror tells people, and pages show the MIS's level.",
            call_at("site/{}/{value}"),
        ),
    ] = "StockInventory/{id}/Transactions"
    stock_adjustment: Annotated[
        str,
        assumed(
            UNKNOWN,
            "`Type` of a transaction that adds to a level or takes from it.",
            "The shop refuses every change of a level, and people are told.",
        ),
    ] = "Adjustment"
    markups_member: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of a product's details, and of an update, with its mark-ups. Seen in a new product only. Empty: "
                "mark-ups of products that are in the shop cannot be changed from here."
            ),
            "A mark-up that was changed cannot be read back: a person is asked to look.",
            member_of("site/{}/products/{}", whole=True),
        ),
    ] = "Markups"
    categories_member: Annotated[
        str,
        assumed(
            UNKNOWN,
            "Member of a new product with its categories' ids. A public client tried names under it and gave up.",
            "Products come without categories; what is missing is told for each.",
        ),
    ] = "Categories"
    uploads_member: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a new product with its uploads. The shop's pages show named upload fields.",
            "Products come without an upload field; what is missing is told for each.",
        ),
    ] = "FileUploads"
    product_mis_id: Annotated[
        str,
        assumed(
            SEEN,
            "Member of a new product with its integration id. Seen when reading.",
            "Products come without their integration id; prices do not need it.",
            member_of("site/{}/products/{}", whole=True),
        ),
    ] = "MisId"
    product_weight: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Member of a new product with its weight in kilograms. None is seen: empty, the price call tells the "
                "weight."
            ),
            "Products have no weight of their own: shipping goes by the one in the price answer.",
        ),
    ] = ""
    import_columns: Annotated[
        tuple[str, ...],
        assumed(
            INFERRED,
            "Columns of the product import file for a group, with {n} for its number: the names are seen for 1.",
            "The shop's own import leaves groups and engines of further groups as they are.",
        ),
    ] = ("Site Group {n}", "Pricing Engine price {n}", "MIS Product ID price {n}")
    product_lengths: Annotated[
        dict[str, int],
        assumed(
            UNKNOWN,
            (
                "How many characters the shop takes of a product: url_name, part_number, engine_product_id. None is "
                "documented or seen. The shortest guess for a URL name: words of the product's name are left out for "
                "it, never of its id."
            ),
            "The shop refuses a product, or cuts its URL name so that it is not found again.",
        ),
    ] = field(default_factory=lambda: {"url_name": 100})
    product_page: Annotated[
        str,
        assumed(
            SEEN,
            (
                "Address of a product's page, for people, with {site}, {url_name}, {shop_id}, {part_number}. This "
                "form is seen in the shops' own pages; that of the admin's page is not. Empty: no link is shown."
            ),
            "A link leads a person to an error page.",
        ),
    ] = "https://{site}/product/{url_name}"
