"""Roles of connectors, and what each can do: seen by the hooks that it implements."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    STOREFRONT = "storefront"
    """Buyers order there: a web-to-print shop."""
    MIS = "mis"
    """Orders are produced there: a print MIS."""
    OBSERVER = "observer"
    """Only listens."""


NEEDED_HOOKS: Mapping[Role, tuple[str, ...]] = {
    Role.STOREFRONT: ("read_orders", "list_orders", "read_order_details"),
    Role.MIS: ("map_order", "submit_order"),
    Role.OBSERVER: (),
}
"""What no connector of a role can do without. A connector of any role has one hook at least."""


class Capability(StrEnum):
    """What a connector can do beyond the least that its role requires: it has the hooks of `CAPABILITY_HOOKS`, or says
    `ConnectorType.also`, and does not name it `unavailable`.
    """

    CHECK_CONNECTION = "check-connection"
    LIVE_PRICE = "live-price"
    PRICE_OPTIONS = "price-options"
    PRODUCTS = "products"
    LINK_PRODUCTS = "link-products"
    CHANGE_MARKUP = "change-markup"
    STOCK = "stock"
    STOCK_MIRROR = "stock-mirror"
    FIND_SUBMITTED_ORDER = "find-submitted-order"
    SUBMIT_IN_STEPS = "submit-in-steps"
    """An attempt that came to nothing may have left something there: it is looked for before the next. No hook shows it."""
    TEST_ORDER = "test-order"
    ATTACH_LATER = "attach-later"
    REPLACE_FILE = "replace-file"
    CHANGE_ORDER = "change-order"
    CANCEL_ORDER = "cancel-order"
    CARRIERS = "carriers"
    """Orders carry the carrier and the service of each line (`OrderLine.carriage`). No hook shows it."""
    MARK_ITEM = "mark-item"
    PROGRESS = "progress"
    LATER_REFUSAL = "later-refusal"
    """Progress tells if the MIS refuses or cancels what it has taken: orders are followed for it, whatever the settings. No
    hook shows it.
    """
    MOVE_ITEM = "move-item"
    SHIPMENTS = "shipments"
    INSTALL = "install"
    WEBHOOKS = "webhooks"
    CHANGES = "changes"


SHOP, MIS = Role.STOREFRONT, Role.MIS
CAPABILITY_HOOKS: Mapping[Capability, Mapping[Role, tuple[str, ...]]] = {
    Capability.CHECK_CONNECTION: dict.fromkeys(Role, ("check_connection",)),
    Capability.LIVE_PRICE: {MIS: ("quote_price",), SHOP: ("decode_price_call", "encode_price")},
    Capability.PRICE_OPTIONS: {MIS: ("list_price_options",), SHOP: ("encode_options",)},
    Capability.PRODUCTS: {
        MIS: ("search_mis_products", "read_mis_products"),
        SHOP: ("list_shop_products", "find_shop_product", "create_shop_product"),
    },
    Capability.LINK_PRODUCTS: {SHOP: ("list_shop_products", "read_shop_binding", "write_shop_binding")},
    Capability.CHANGE_MARKUP: {SHOP: ("read_shop_markup", "write_shop_markup")},
    Capability.STOCK: {MIS: ("read_stock",)},
    Capability.STOCK_MIRROR: {SHOP: ("read_shop_stock", "update_shop_stock")},
    Capability.FIND_SUBMITTED_ORDER: {MIS: ("find_submitted_order",)},
    Capability.TEST_ORDER: {MIS: ("submit_test_order",)},
    Capability.ATTACH_LATER: {MIS: ("attach_asset",)},
    Capability.REPLACE_FILE: {MIS: ("replace_asset", "find_replacement")},
    Capability.CHANGE_ORDER: {MIS: ("update_mis_order", "find_mis_change")},
    Capability.CANCEL_ORDER: {MIS: ("cancel_mis_order", "find_mis_change")},
    Capability.MARK_ITEM: {SHOP: ("write_mis_number",)},
    Capability.PROGRESS: {MIS: ("read_order_progress",)},
    Capability.MOVE_ITEM: {SHOP: ("list_workflow_stages", "move_line_to_stage")},
    Capability.SHIPMENTS: {SHOP: ("create_shipment", "shows_shipment")},
    Capability.INSTALL: dict.fromkeys(Role, ("install", "list_installed")),
    Capability.WEBHOOKS: dict.fromkeys(Role, ("decode_webhook",)),
    Capability.CHANGES: {MIS: ("read_changes",), SHOP: ("read_changes",)},
}
"""By role, the hooks that are all needed for it; a role that is not there never has it."""


def capabilities_of(role: Role, hooks: Collection[str]) -> frozenset[Capability]:
    """What a connector of this role can do that implements these hooks, if no setting rules it out."""
    return frozenset(
        one
        for one, needed in CAPABILITY_HOOKS.items()
        if role in needed and all(hook in hooks for hook in needed[role])
    )
