"""What nobody outside Tharstern could tell us. Each entry can be changed in a subscriber's settings.

No documentation of this API is public. What two independent client programs and the vendor's
partners show is *seen*, and stands in the code; everything else stands here, with its evidence,
so that one captured answer of a real site replaces a guess without a change of code.
"""

from typing import Annotated, Literal

from makeready_hooks.model.order import FileRole
from msgspec import Meta, Struct


def _why(text: str) -> Meta:
    return Meta(description=text)


class Assumptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    customer_filter: Annotated[
        str,
        _why(
            "Query name that limits products to a customer's. `customerCode` is seen on customers and contacts."
        ),
    ] = "customerCode"
    page_name: Annotated[
        str, _why("Query name of the page. Lists answer with names of .NET's PagedList.")
    ] = "pageNumber"
    page_size_name: Annotated[str, _why("Query name of the page size; see page_name.")] = "pageSize"
    page_size: Annotated[
        int,
        Meta(ge=1),
        _why("Products asked for on one page. A site that gives fewer is read page by page all the same."),
    ] = 500
    first_page: Annotated[int, _why("Number of the first page. PagedList counts from 1.")] = 1
    ids_name: Annotated[
        str,
        _why(
            "Query name to read several products. `id=` is seen for one, `name[0]=` arrays on other functions."
        ),
    ] = "id"

    product_code: Annotated[
        str, _why("Member with the code: the filter is called productCode, an order says StockItemCode.")
    ] = "Code"
    product_name: Annotated[
        str, _why("Member with the name. The published product reads a name; its member is not shown.")
    ] = "Description"
    product_kind: Annotated[
        str, _why("Member with the item kind; only its values Finished and None are known.")
    ] = "StockType"
    sellable_kinds: Annotated[
        tuple[str, ...],
        _why("Kinds that are for sale: seen in a partner's set-up guide. An absent kind counts as sellable."),
    ] = ("Finished", "None")
    product_price: Annotated[str, _why("Member with the unit price.")] = "Price"
    price_breaks: Annotated[str, _why("Member with the quantity breaks, a list.")] = "PriceBreaks"
    break_quantity: Annotated[str, _why("Member of a break: the quantity from which it holds.")] = "Quantity"
    break_price: Annotated[str, _why("Member of a break: its unit price.")] = "Price"
    customer_prices: Annotated[
        str,
        _why(
            "Member of a product with the prices of customers, a list. Customers have prices of their own (seen); "
            "where it is absent, those are expected in the answer to a question that names the customer."
        ),
    ] = "CustomerPrices"
    customer_prices_code: Annotated[
        str,
        _why("Member of such a price with the customer's code. Its unit price and breaks: as a product's."),
    ] = "CustomerCode"
    buyer_id_prices: Annotated[
        bool,
        _why(
            "Whether a buyer's id, where it is the code of an order, also has prices of its own. The published product "
            "reads products and prices for the configured code, and sends orders with the buyer's id."
        ),
    ] = False
    stock_on_hand: Annotated[str, _why("Member with what is on the shelf.")] = "QtyInStock"
    stock_allocated: Annotated[str, _why("Member with what is promised to orders.")] = "QtyAllocated"
    stock_expected: Annotated[
        str, _why("Member with the day on which more is expected. None is known: empty, and none is shown.")
    ] = ""
    weight: Annotated[str, _why("Member with the weight of one piece, in kilograms.")] = "Weight"

    order_number: Annotated[
        str,
        _why(
            "Member of a submitted order with its number. A number other than the ID exists: orders are filtered by both."
        ),
    ] = "OrderNo"
    order_reference_filter: Annotated[
        str,
        _why(
            "Query name of `orders` that finds an order by our key. Empty: none is known, a person decides in doubt."
        ),
    ] = ""
    order_reference: Annotated[str, _why("Member of an order with our key. The submission calls it so.")] = (
        "UniqueSubmitOrderID"
    )
    order_customer: Annotated[
        str,
        _why(
            "Member of an order with its customer's code. None is seen; prices of customers would call it so."
        ),
    ] = "CustomerCode"
    order_customer_name: Annotated[
        str,
        _why(
            "Member of an order with its customer's name. None is seen; inferred from the code's. Absent: not compared."
        ),
    ] = "CustomerName"
    order_required: Annotated[
        str,
        _why(
            "Member of an order with its required date. A submission calls it so (seen); that a list shows it is inferred."
        ),
    ] = "RequiredDate"
    order_lines: Annotated[
        str, _why("Member of an order with its lines, a list. A submission calls it so; its members too.")
    ] = "Items"
    order_status: Annotated[str, _why("Member of an order with its status. None is seen.")] = "Status"
    statuses_function: Annotated[
        str,
        _why(
            "Function that lists the statuses of orders. None is seen; one is likely, as producttypes is. Empty: none."
        ),
    ] = "orderstatuses"
    status_name: Annotated[str, _why("Member of such a status with its name.")] = "Name"
    lists_customers: Annotated[
        bool,
        _why(
            "Whether `customers` without a code lists all of them, as `products` does. Seen only with a code."
        ),
    ] = True
    customer_name: Annotated[str, _why("Member of a customer with the name. ID and Code are seen.")] = "Name"
    asset_fetch: Annotated[
        Literal["at once", "later"],
        _why(
            "When Tharstern fetches a file of an order. Nothing says so; a client looks at each address first, since a dead "
            "one is noticed later. Later: it is given only addresses that stay valid, and the bytes of other files."
        ),
    ] = "later"
    asset_roles: Annotated[
        tuple[FileRole, ...],
        _why(
            "What else than artwork goes with an order, as assets that are no content. IsContent is seen as true alone; "
            "that a proof may go with it as false is inferred. Empty: only artwork goes, and the others are told of."
        ),
    ] = ()
    late_asset_name: Annotated[
        str,
        _why(
            "Name of a file that follows an order of several items, with {line} and {name}. orders/submitorderasset has no "
            "member for the item (seen)."
        ),
    ] = "Item {line} - {name}"
    order_deliveries: Annotated[
        str,
        _why(
            "Member of an order with its deliveries, a list. One source says that the API shows none, a newer one "
            "that tracking numbers are pushed; where this member is absent, no shipment is written in the shop."
        ),
    ] = "Deliveries"
    delivery_carrier: Annotated[
        str, _why("Member of a delivery with its carrier. A column of the database has this name.")
    ] = "Courier"
    item_carrier: Annotated[
        str,
        _why(
            "Member of a submission's item with its carrier. A delivery in the database has a Courier; that a submission "
            "can name one is not seen. Empty: none is sent, and carriers are settled in Tharstern."
        ),
    ] = ""
    item_service: Annotated[
        str,
        _why(
            "Member of a submission's item with the carrier's service. A delivery in the database has a CourierServiceID; "
            "that a submission can name one is not seen. Empty: none is sent."
        ),
    ] = ""
    delivery_id: Annotated[
        str,
        _why(
            "Member of a delivery with its id. The answer to a planned delivery calls it so; here it is inferred."
        ),
    ] = "DeliveryNoteID"
    delivery_tracking: Annotated[
        str,
        _why("Member of a delivery with the carrier's reference. A column of the database has this name."),
    ] = "ConsignNote"
    delivery_date: Annotated[
        str, _why("Member of a delivery with when it left. A column of the database has this name.")
    ] = "DelDateTime"
    event_name: Annotated[
        str,
        _why(
            "Member of an event with its name. Sites with subscriptions push events; their wire is unknown."
        ),
    ] = "Event"
    event_order_members: Annotated[
        tuple[str, ...],
        _why(
            "Members of an event that name the order, the first one that is there: our key, the ID, the number."
        ),
    ] = ("UniqueSubmitOrderID", "OrderID", "OrderNo")
    event_signature: Annotated[
        Literal["hmac-sha256", "none"],
        _why(
            "How events are signed; unknown. With none, only the address that nobody can guess protects: an event "
            "is a hint to ask, so a false one costs calls and nothing else."
        ),
    ] = "hmac-sha256"
    event_signature_header: Annotated[str, _why("Header with the signature of an event.")] = "X-Signature"
    job_status: Annotated[str, _why("Member of a job with its status. None is seen.")] = "Status"
    estimate_price: Annotated[
        str, _why("Member of an estimate with its price. A request has one of this name.")
    ] = "TotalPrice"
    order_estimate: Annotated[
        str,
        _why(
            "Member of an item that names the estimate it was priced by. Seen in a client program; empty: none is sent."
        ),
    ] = "EstimateID"
    initial_status: Annotated[
        str,
        _why(
            "Member of a submission for the initial status. The published sample has none, so it is only sent if set."
        ),
    ] = "Status"
    product_page: Annotated[
        str,
        _why(
            "Address of a product in the site's own web pages, for people, with {mis_id}, {part_number}. None is known: "
            "empty, and no link is shown."
        ),
    ] = ""
    order_page: Annotated[
        str,
        _why(
            "Address of an order in the site's own web pages, for people, with {mis_id}, {mis_number}, {number}. None is "
            "known: empty, and no link is shown."
        ),
    ] = ""
    member_lengths: Annotated[
        dict[str, int],
        _why(
            "How many characters Tharstern takes, by the member of the shop's order: po_number, description, "
            "ship_to.address.line1. No length is documented or seen: none is known, and a text that is too long is "
            "refused or cut by Tharstern. What does not fit is then told before an order leaves."
        ),
    ] = {}
    company_id: Annotated[
        Literal["customer-code", "omit"],
        _why(
            "What CompanyID carries. The published sample shows what looks like the configured customer code."
        ),
    ] = "customer-code"
    expired_token_words: Annotated[
        tuple[str, ...],
        _why("Words in a failure's text that mean: sign in again. What an expired token answers is unknown."),
    ] = ("token", "unauthori", "not logged in")
    untouched_statuses: Annotated[
        tuple[int, ...],
        _why(
            "Statuses that, with no answer of Tharstern's in them, come from what stands before it, so that nothing was "
            "taken and an order is sent again without a question: 503 where IIS answers while Tharstern's application is "
            "stopped. What a site answers with is unknown; with none, every failure of a change is a doubt."
        ),
    ] = ()
