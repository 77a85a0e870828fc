"""Of orders, what is counted, their files and shipments."""

from typing import Annotated, Literal

from makeready_hooks.model.assumptions import INFERRED, SEEN, UNKNOWN, assumed, member_of
from makeready_hooks.model.order import FileRole
from msgspec import field

from makeready_pressero.assumptions.products import ProductsAssumptions


class Assumptions(ProductsAssumptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    shipment_quantity: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of an item of a shipment with how many of it are in the parcel, where that is not all. A "
                "client in production names the item only; a member that is not known does no harm. Empty: none is "
                "sent, and a part shipment looks as one of the whole item."
            ),
            "A part shipment looks like one of the whole item.",
        ),
    ] = "Quantity"
    no_mis_id: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "What an order item's MisId becomes when our number is taken off it. That it can be written is seen, "
                "how it is emptied is not."
            ),
            "Our number stays on an item that was taken back, and a person has to take it off.",
        ),
    ] = ""
    pieces: Annotated[
        Literal["checked", "Quantity"],
        assumed(
            SEEN,
            (
                "How many pieces an item is, where it is sold in packs. A client in production multiplies Quantity by"
                " the option UOMQty, and TotalQuantity is there beside them: checked takes what at least two of them "
                "agree on, and shows a person what contradicts. Quantity: the others say nothing."
            ),
            "Ten times too much or too little is made; what contradicts waits for a person.",
        ),
    ] = "checked"
    pack_size_option: Annotated[
        str,
        assumed(
            SEEN,
            "Option of an item with the pieces in a pack. A client in production multiplies by it.",
            "Items in packs are taken for single pieces, unless TotalQuantity says otherwise.",
        ),
    ] = "UOMQty"
    item_discount_member: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an order item with what was taken off it. A new order has one of this name.",
            "A discount is not sent: the MIS invoices the full price.",
            member_of("Orders/Search", optional=True),
        ),
    ] = "Discount"
    payment_method_member: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an order item with how the buyer pays. A new order has one of this name.",
            "Orders say nothing of how the buyer pays.",
            member_of("Orders/Search", optional=True),
        ),
    ] = "PaymentMethod"
    cost_centre_member: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Member of an order item with the cost centre, such as CheckoutFormValue1. What a buyer is asked at "
                "checkout is the account's own: empty, and none is read."
            ),
            "Orders name no cost centre.",
            member_of("Orders/Search", optional=True),
        ),
    ] = ""
    kit_items_member: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Member of an order item with the parts of a kit. Kits are seen in the shop, not in an answer; an "
                "account that shows parts as items of their own needs nothing here."
            ),
            "A kit is sent as one product, without its parts.",
            member_of("Orders/Search", optional=True),
        ),
    ] = "KitItems"
    files_member: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an item's details with its files. The admin shows a Files tab.",
            "Orders go without artwork, and people are told that there is none.",
            member_of("Item/{}/Details", whole=True),
        ),
    ] = "Files"
    file_name: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a file with its name.",
            "Files get a name from their address.",
            member_of("Item/{}/Details", within="files_member"),
        ),
    ] = "FileName"
    file_url: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a file with its address. The address's form is seen.",
            "Orders go without artwork, and people are told that there is none.",
            member_of("Item/{}/Details", within="files_member"),
        ),
    ] = "Url"
    file_role: Annotated[
        str,
        assumed(
            UNKNOWN,
            "Member of a file with what it is for. None is seen: empty, and every file is artwork.",
            "Proofs and instructions are taken for artwork.",
            member_of("Item/{}/Details", within="files_member", optional=True),
        ),
    ] = ""
    file_roles: Annotated[
        dict[str, FileRole],
        assumed(
            UNKNOWN,
            "What the values of that member mean, such as Proof = proof: none is seen. Any other is artwork.",
            "A file is taken for artwork that is none.",
        ),
    ] = field(default_factory=dict)
    file_events: Annotated[
        tuple[str, ...],
        assumed(
            INFERRED,
            (
                "Events after which an item's files are looked at. That files are made is seen to be told; which "
                "event tells of one that staff or a buyer replaced is not. OrderItemUpdated may: then other changes "
                "are found by comparing."
            ),
            "A file that was replaced in the shop is noticed when the order is next compared.",
        ),
    ] = ("OrderItemFilesGenerated",)
    asset_role: Annotated[
        FileRole,
        assumed(
            INFERRED,
            (
                "What a product's brand assets are for. AssetUsage says whose they are (seen), and nothing says what "
                "for; the admin shows them beside the uploads."
            ),
            "Brand assets are printed that should only be shown, or are left out.",
        ),
    ] = FileRole.ARTWORK
    cancelled_stages: Annotated[
        tuple[str, ...],
        assumed(
            INFERRED,
            (
                "Stages of an item that is not wanted any more, as the printer sees them. The name is seen among the "
                "default stages; that an item there is cancelled is inferred from it. A workflow of your own may have"
                " others."
            ),
            "A cancelled item is made, or one that is wanted waits.",
        ),
    ] = ("Order Cancelled",)
