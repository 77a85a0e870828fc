"""Of orders, their files and their parcels."""

from typing import Annotated, Literal

from makeready_hooks.model.assumptions import INFERRED, SEEN, UNKNOWN, assumed, call_at, member_of, query_of
from makeready_hooks.model.order import FileRole
from msgspec import field

from makeready_tharstern.assumptions.products import ProductsAssumptions


class OrdersAssumptions(ProductsAssumptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    order_number: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of a submitted order with its number. A number other than the ID exists: orders are filtered "
                "by both."
            ),
            "Orders are known by their ID alone: people and the shop's items do not have the number.",
            member_of("orders/submit"),
        ),
    ] = "OrderNo"
    order_reference_filter: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Query name of `orders` that finds an order by our key. Empty: none is known, a person decides in "
                "doubt."
            ),
            (
                "An order whose answer was lost is decided by a person. With a filter that the site ignores nothing "
                "is believed."
            ),
            query_of("orders", shows="order_reference"),
        ),
    ] = ""
    order_reference: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an order with our key. The submission calls it so.",
            "Our orders are not recognised in a list, so that a person decides in doubt.",
            member_of("orders"),
        ),
    ] = "UniqueSubmitOrderID"
    order_customer: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an order with its customer's code. None is seen; prices of customers would call it so.",
            "The customer is not compared when an order is looked up.",
            member_of("orders"),
        ),
    ] = "CustomerCode"
    order_customer_name: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of an order with its customer's name. None is seen; inferred from the code's. Absent: not "
                "compared."
            ),
            "The customer's name is not compared when an order is looked up.",
            member_of("orders"),
        ),
    ] = "CustomerName"
    order_required: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of an order with its required date. A submission calls it so (seen); that a list shows it is "
                "inferred."
            ),
            "The required date is not compared when an order is looked up.",
            member_of("orders"),
        ),
    ] = "RequiredDate"
    order_lines: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an order with its lines, a list. A submission calls it so; its members too.",
            "Lines are not compared when an order is looked up.",
            member_of("orders"),
        ),
    ] = "Items"
    order_status: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an order with its status. None is seen.",
            "The shop's items stay at their stage: no progress is shown.",
            member_of("orders"),
        ),
    ] = "Status"
    statuses_function: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Function that lists the statuses of orders. None is seen; one is likely, as producttypes is. Empty: "
                "none."
            ),
            "A person types the names of statuses instead of choosing them.",
            call_at("{value}"),
        ),
    ] = "orderstatuses"
    status_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of such a status with its name.",
            "A person types the names of statuses instead of choosing them.",
            member_of("orderstatuses"),
        ),
    ] = "Name"
    lists_customers: Annotated[
        bool,
        assumed(
            INFERRED,
            "Whether `customers` without a code lists all of them, as `products` does. Seen only with a code.",
            "A person types customer codes instead of choosing them.",
        ),
    ] = True
    customer_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a customer with the name. ID and Code are seen.",
            "Customers are chosen by their code alone.",
            member_of("customers"),
        ),
    ] = "Name"
    asset_fetch: Annotated[
        Literal["at once", "later"],
        assumed(
            UNKNOWN,
            (
                "When Tharstern fetches a file of an order. Nothing says so; a client looks at each address first, "
                "since a dead one is noticed later. Later: it is given only addresses that stay valid, and the bytes "
                "of other files."
            ),
            (
                "If it fetches at once after all, files whose address expires are uploaded without need. The other "
                "way round artwork is missing in the MIS once its address has expired."
            ),
        ),
    ] = "later"
    asset_roles: Annotated[
        tuple[FileRole, ...],
        assumed(
            INFERRED,
            (
                "What else than artwork goes with an order, as assets that are no content. IsContent is seen as true "
                "alone; that a proof may go with it as false is inferred. Empty: only artwork goes, and the others "
                "are told of."
            ),
            (
                "Proofs and other files beside artwork stay behind, and people are told; or the site refuses an order"
                " with one."
            ),
        ),
    ] = ()
    late_asset_name: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Name of a file that follows an order of several items, with {line} and {name}. "
                "orders/submitorderasset has no member for the item (seen)."
            ),
            "People at the MIS cannot tell which item a late file belongs to.",
        ),
    ] = "Item {line} - {name}"
    order_deliveries: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of an order with its deliveries, a list. One source says that the API shows none, a newer one"
                " that tracking numbers are pushed; where this member is absent, no shipment is written in the shop."
            ),
            "No parcel is written in the shop.",
            member_of("orders", optional=True),
        ),
    ] = "Deliveries"
    delivery_carrier: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a delivery with its carrier. A column of the database has this name.",
            "Parcels are written in the shop without their carrier.",
            member_of("orders", within="order_deliveries"),
        ),
    ] = "Courier"
    item_carrier: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of a submission's item with its carrier. A delivery in the database has a Courier; that a "
                "submission can name one is not seen. Empty: none is sent, and carriers are settled in Tharstern."
            ),
            (
                "The carrier is not sent, and is settled by hand in the MIS; a member that the site refuses stops the"
                " order."
            ),
        ),
    ] = ""
    item_service: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of a submission's item with the carrier's service. A delivery in the database has a "
                "CourierServiceID; that a submission can name one is not seen. Empty: none is sent."
            ),
            (
                "The service is not sent, and is settled by hand in the MIS; a member that the site refuses stops the"
                " order."
            ),
        ),
    ] = ""
    delivery_id: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a delivery with its id. The answer to a planned delivery calls it so; here it is inferred.",
            "Parcels are told apart by their tracking number alone.",
            member_of("orders", within="order_deliveries"),
        ),
    ] = "DeliveryNoteID"
    delivery_tracking: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a delivery with the carrier's reference. A column of the database has this name.",
            "No parcel has a tracking number, so none is written in the shop.",
            member_of("orders", within="order_deliveries"),
        ),
    ] = "ConsignNote"
    delivery_date: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a delivery with when it left. A column of the database has this name.",
            "Parcels are written in the shop without the day on which they left.",
            member_of("orders", within="order_deliveries"),
        ),
    ] = "DelDateTime"
    initial_status: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of a submission for the initial status. The published sample has none, so it is only sent if "
                "set."
            ),
            "Orders begin at the site's own first status, or an order with one is refused.",
        ),
    ] = "Status"
    order_estimate: Annotated[
        str,
        assumed(
            SEEN,
            (
                "Member of an item that names the estimate it was priced by. Seen in a client program; empty: none is"
                " sent."
            ),
            "Orders do not name their estimate: the MIS prices the item anew.",
        ),
    ] = "EstimateID"
    order_page: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Address of an order in the site's own web pages, for people, with {mis_id}, {mis_number}, {number}. "
                "None is known: empty, and no link is shown."
            ),
            "No link is shown; a wrong one leads a person to an error page.",
        ),
    ] = ""
    member_lengths: Annotated[
        dict[str, int],
        assumed(
            UNKNOWN,
            (
                "How many characters Tharstern takes, by the member of the shop's order: po_number, description, "
                "ship_to.address.line1. No length is documented or seen: none is known, and a text that is too long "
                "is refused or cut by Tharstern. What does not fit is then told before an order leaves."
            ),
            "A text that is too long is refused or cut by the MIS after the order has left.",
        ),
    ] = field(default_factory=dict)
    company_id: Annotated[
        Literal["customer-code", "omit"],
        assumed(
            INFERRED,
            "What CompanyID carries. The published sample shows what looks like the configured customer code.",
            "Orders are refused for a company that the site does not know, or are booked to the wrong one.",
        ),
    ] = "customer-code"
