"""Of products, their prices and their stock."""

from typing import Annotated

from makeready_hooks.model.assumptions import INFERRED, SEEN, UNKNOWN, assumed, member_of, query_of
from msgspec import Meta, Struct


class ProductsAssumptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    customer_filter: Annotated[
        str,
        assumed(
            INFERRED,
            "Query name that limits products to a customer's. `customerCode` is seen on customers and contacts.",
            "Products and prices of all customers are shown as one customer's, or none at all.",
        ),
    ] = "customerCode"
    page_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Query name of the page. Lists answer with names of .NET's PagedList.",
            (
                "The first page comes again and again: a product list is refused with a sentence that says so, and "
                "imports stop."
            ),
        ),
    ] = "pageNumber"
    page_size_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Query name of the page size; see page_name.",
            "Pages are of the site's own size: lists take more calls, and come whole all the same.",
            query_of("products"),
        ),
    ] = "pageSize"
    page_size: Annotated[
        int,
        Meta(ge=1),
        assumed(
            INFERRED,
            "Products asked for on one page. A site that gives fewer is read page by page all the same.",
            "Lists take more calls if the site gives fewer a page.",
        ),
    ] = 500
    first_page: Annotated[
        int,
        assumed(
            INFERRED,
            "Number of the first page. PagedList counts from 1.",
            "The first page is read twice or left out: the list comes short, and is refused with a sentence.",
        ),
    ] = 1
    ids_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Query name to read several products. `id=` is seen for one, `name[0]=` arrays on other functions.",
            "Several products are read one by one, or from the whole list: right, and slower.",
            query_of("products", shows="ID"),
        ),
    ] = "id"
    product_code: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with the code: the filter is called productCode, an order says StockItemCode.",
            "Products have no code on pages, and are not found by it.",
            member_of("products"),
        ),
    ] = "Code"
    product_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with the name. The published product reads a name; its member is not shown.",
            "Products have no name on pages and in shops.",
            member_of("products"),
        ),
    ] = "Description"
    product_kind: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with the item kind; only its values Finished and None are known.",
            "Every product counts as for sale from the shelf, parts too.",
            member_of("products"),
        ),
    ] = "StockType"
    sellable_kinds: Annotated[
        tuple[str, ...],
        assumed(
            SEEN,
            "Kinds that are for sale: seen in a partner's set-up guide. An absent kind counts as sellable.",
            "Products of another kind are not offered for import, or parts are.",
        ),
    ] = ("Finished", "None")
    product_price: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with the unit price.",
            "Products have no price: a buyer reads that there is none.",
            member_of("products"),
        ),
    ] = "Price"
    price_breaks: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with the quantity breaks, a list.",
            "Quantity breaks are not seen: the price of one piece holds for all quantities.",
            member_of("products", optional=True),
        ),
    ] = "PriceBreaks"
    break_quantity: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a break: the quantity from which it holds.",
            "The breaks cannot be read: the price of one piece holds for all quantities.",
            member_of("products", within="price_breaks"),
        ),
    ] = "Quantity"
    break_price: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a break: its unit price.",
            "The breaks cannot be read: the price of one piece holds for all quantities.",
            member_of("products", within="price_breaks"),
        ),
    ] = "Price"
    customer_prices: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of a product with the prices of customers, a list. Customers have prices of their own (seen);"
                " where it is absent, those are expected in the answer to a question that names the customer."
            ),
            (
                "A customer pays the price that the question with its code is answered with, which may be "
                "everybody's."
            ),
            member_of("products", optional=True),
        ),
    ] = "CustomerPrices"
    customer_prices_code: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of such a price with the customer's code. Its unit price and breaks: as a product's.",
            "No customer's own price is recognised: everybody's price holds.",
            member_of("products", within="customer_prices"),
        ),
    ] = "CustomerCode"
    buyer_id_prices: Annotated[
        bool,
        assumed(
            INFERRED,
            (
                "Whether a buyer's id, where it is the code of an order, also has prices of its own. The published "
                "product reads products and prices for the configured code, and sends orders with the buyer's id."
            ),
            "Buyers see the prices of the configured customer instead of their own, or are asked for one by one.",
        ),
    ] = False
    stock_on_hand: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with what is on the shelf.",
            "No stock is known: pages warn of nothing, and shops keep the levels that they have.",
            member_of("products"),
        ),
    ] = "QtyInStock"
    stock_allocated: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with what is promised to orders.",
            "What is promised to orders is offered again.",
            member_of("products"),
        ),
    ] = "QtyAllocated"
    stock_expected: Annotated[
        str,
        assumed(
            UNKNOWN,
            "Member with the day on which more is expected. None is known: empty, and none is shown.",
            "Nobody reads when more is expected.",
            member_of("products"),
        ),
    ] = ""
    weight: Annotated[
        str,
        assumed(
            INFERRED,
            "Member with the weight of one piece, in kilograms.",
            "Prices go to the shop without a weight, so that shipping by weight comes out too cheap.",
            member_of("products"),
        ),
    ] = "Weight"
    product_page: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Address of a product in the site's own web pages, for people, with {mis_id}, {part_number}. None is "
                "known: empty, and no link is shown."
            ),
            "No link is shown; a wrong one leads a person to an error page.",
        ),
    ] = ""
