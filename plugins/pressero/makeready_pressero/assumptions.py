"""What could not be learned about Pressero without an account. Each entry can be changed in settings.

The vendor's REST reference is not public. What client programs in production send and read is *seen*
and stands in the code; what was only inferred stands here, with its evidence.
"""

from typing import Annotated, Literal

from makeready_hooks.model.order import FileRole
from msgspec import Meta, Struct, field


def _why(text: str) -> Meta:
    return Meta(description=text)


class Assumptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Paths are below ``/api/``; an empty path means: this account has no such call."""

    sites_path: Annotated[str, _why("List of sites. No call that lists them is seen.")] = "Sites"
    groups_path: Annotated[
        str, _why("User groups of a site, after site/{domain}/. The shape is seen in SiteInfo.")
    ] = "Groups"
    categories_path: Annotated[str, _why("Categories of a site, after site/{domain}/.")] = "Categories"
    workflow_id: Annotated[
        str, _why("Member of a workflow with its id; Workflows is seen, with Description.")
    ] = "WorkflowId"
    category_id: Annotated[str, _why("Member of a category with its id.")] = "CategoryId"
    category_name: Annotated[str, _why("Member of a category with its name.")] = "CategoryName"

    calculators_path: Annotated[
        str, _why("Pricing engines. Reading one by id is seen; list and create are not.")
    ] = "Calculators"
    external_method: Annotated[
        int, _why("`Method` of an engine that calls an external service. Its code is unknown.")
    ] = 5
    engine_url: Annotated[
        str, _why("Member of an engine with the address it calls. The admin page calls it URL.")
    ] = "Url"
    engine_product_id: Annotated[
        str,
        _why(
            "Member of a product's engine pairing with the MIS Product ID. The name is seen, its content is not."
        ),
    ] = "CalcConfiguration"

    engine_user: Annotated[
        str, _why("Member of an engine with the user it calls as. The admin page asks for a User.")
    ] = "UserName"
    engine_token: Annotated[
        str,
        _why("Member of an engine with the token it calls with. The admin page asks for an Access Token."),
    ] = "AccessToken"  # noqa: S105 - the name of a member
    soap_namespace: Annotated[
        str,
        _why(
            "Namespace of the two operations in our WSDL. A call in another one is answered in that one. None is "
            "seen; ASP.NET's default stands in."
        ),
    ] = "http://tempuri.org/"
    quantity_options: Annotated[
        tuple[str, ...],
        _why(
            "Options of a SOAP price call that hold the quantity. The article names user, accessToken, productID and "
            "the options; where the quantity is, it does not say. A parameter `quantity` goes first."
        ),
    ] = ("Quantity", "Qty", "Q1")
    weight_unit_member: Annotated[
        str,
        _why(
            "Member of a price answer with the unit of the weight. The vendor's own print MIS answers with one of "
            "this name. Empty: none is sent."
        ),
    ] = "WeightUnit"

    webhooks_path: Annotated[
        str, _why("Webhook subscriptions. The reference lists a group WebHooks with PostWebHook.")
    ] = "WebHooks"

    stock_transactions_path: Annotated[
        str,
        _why(
            "Changes of a stock level, after site/{domain}/. A model of a transaction is seen, its call is not."
        ),
    ] = "StockInventory/{id}/Transactions"
    stock_adjustment: Annotated[
        str, _why("`Type` of a transaction that adds to a level or takes from it.")
    ] = "Adjustment"
    event_stock_name: Annotated[
        str, _why("Member of LowInventory with the stock item's name. A search for stock shows this one.")
    ] = "StockName"
    event_stock_level: Annotated[
        str, _why("Member of LowInventory with its level. A search for stock shows this one.")
    ] = "CurrentLevel"

    shipment_quantity: Annotated[
        str,
        _why(
            "Member of an item of a shipment with how many of it are in the parcel, where that is not all. A client in "
            "production names the item only; a member that is not known does no harm. Empty: none is sent, and a part "
            "shipment looks as one of the whole item."
        ),
    ] = "Quantity"
    categories_member: Annotated[
        str,
        _why(
            "Member of a new product with its categories' ids. A public client tried names under it and gave up."
        ),
    ] = "Categories"
    uploads_member: Annotated[
        str, _why("Member of a new product with its uploads. The shop's pages show named upload fields.")
    ] = "FileUploads"
    no_mis_id: Annotated[
        str,
        _why(
            "What an order item's MisId becomes when our number is taken off it. That it can be written is seen, how it "
            "is emptied is not."
        ),
    ] = ""
    product_mis_id: Annotated[
        str, _why("Member of a new product with its integration id. Seen when reading.")
    ] = "MisId"

    pieces: Annotated[
        Literal["checked", "Quantity"],
        _why(
            "How many pieces an item is, where it is sold in packs. A client in production multiplies Quantity by the "
            "option UOMQty, and TotalQuantity is there beside them: checked takes what at least two of them agree on, and "
            "shows a person what contradicts. Quantity: the others say nothing."
        ),
    ] = "checked"
    pack_size_option: Annotated[
        str, _why("Option of an item with the pieces in a pack. A client in production multiplies by it.")
    ] = "UOMQty"
    item_discount_member: Annotated[
        str,
        _why("Member of an order item with what was taken off it. A new order has one of this name."),
    ] = "Discount"
    payment_method_member: Annotated[
        str,
        _why("Member of an order item with how the buyer pays. A new order has one of this name."),
    ] = "PaymentMethod"
    cost_centre_member: Annotated[
        str,
        _why(
            "Member of an order item with the cost centre, such as CheckoutFormValue1. What a buyer is asked at checkout is "
            "the account's own: empty, and none is read."
        ),
    ] = ""
    kit_items_member: Annotated[
        str,
        _why(
            "Member of an order item with the parts of a kit. Kits are seen in the shop, not in an answer; an account "
            "that shows parts as items of their own needs nothing here."
        ),
    ] = "KitItems"
    product_weight: Annotated[
        str,
        _why(
            "Member of a new product with its weight in kilograms. None is seen: empty, the price call tells the weight."
        ),
    ] = ""
    import_columns: Annotated[
        tuple[str, ...],
        _why(
            "Columns of the product import file for a group, with {n} for its number: the names are seen for 1."
        ),
    ] = ("Site Group {n}", "Pricing Engine price {n}", "MIS Product ID price {n}")

    files_member: Annotated[
        str, _why("Member of an item's details with its files. The admin shows a Files tab.")
    ] = "Files"
    file_name: Annotated[str, _why("Member of a file with its name.")] = "FileName"
    file_url: Annotated[str, _why("Member of a file with its address. The address's form is seen.")] = "Url"
    file_role: Annotated[
        str, _why("Member of a file with what it is for. None is seen: empty, and every file is artwork.")
    ] = ""
    file_roles: Annotated[
        dict[str, FileRole],
        _why(
            "What the values of that member mean, such as Proof = proof: none is seen. Any other is artwork."
        ),
    ] = {}
    file_events: Annotated[
        tuple[str, ...],
        _why(
            "Events after which an item's files are looked at. That files are made is seen to be told; which event tells of "
            "one that staff or a buyer replaced is not. OrderItemUpdated may: then other changes are found by comparing."
        ),
    ] = ("OrderItemFilesGenerated",)
    asset_role: Annotated[
        FileRole,
        _why(
            "What a product's brand assets are for. AssetUsage says whose they are (seen), and nothing says what for; the "
            "admin shows them beside the uploads."
        ),
    ] = FileRole.ARTWORK
    user_id_in_order: Annotated[
        str,
        _why(
            "Member of an order item with the buyer's id, if there is one. Otherwise the user is found by e-mail."
        ),
    ] = "UserId"
    user_external_id: Annotated[str, _why("Member of a user with the external id for bridges.")] = (
        "ExternalId"
    )

    cancelled_stages: Annotated[
        tuple[str, ...],
        _why(
            "Stages of an item that is not wanted any more, as the printer sees them. The name is seen among the default "
            "stages; that an item there is cancelled is inferred from it. A workflow of your own may have others."
        ),
    ] = ("Order Cancelled",)

    product_lengths: Annotated[
        dict[str, int],
        _why(
            "How many characters the shop takes of a product: url_name, part_number, engine_product_id. None is documented "
            "or seen. The shortest guess for a URL name: words of the product's name are left out for it, never of its id."
        ),
    ] = field(default_factory=lambda: {"url_name": 100})
    product_page: Annotated[
        str,
        _why(
            "Address of a product's page, for people, with {site}, {url_name}, {shop_id}, {part_number}. This form is "
            "seen in the shops' own pages; that of the admin's page is not. Empty: no link is shown."
        ),
    ] = "https://{site}/product/{url_name}"
    order_page: Annotated[
        str,
        _why(
            "Address of an order in the admin's pages, for people, with {number}, {site}. None is seen: empty, and no "
            "link is shown."
        ),
    ] = ""

    event_names: Annotated[
        tuple[str, ...],
        _why(
            "Events by their number, from 0: 7, 9 and 10 are seen and fit the vendor's list. A name in a hook wins."
        ),
    ] = (
        "OrderItemStatusChanged",
        "VendorItemReady",
        "PaymentReceived",
        "LowInventory",
        "NewUserAprvReq",
        "OrderAllComplete",
        "OrderAprvReq",
        "OrderItemApproved",
        "OrderItemComplete",
        "OrderItemDenied",
        "OrderPlaced",
        "PageFormSubmit",
        "OrderItemFilesGenerated",
        "UpdatedSiteUser",
        "NewSite",
        "OrderUpdated",
        "OrderItemUpdated",
        "NewSiteUser",
    )
