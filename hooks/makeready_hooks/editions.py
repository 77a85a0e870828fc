"""The editions of this contract: what a connector was built for, and what has changed since for whoever implements it.

A change that an existing connector meets gets a line in `CHANGES`, under the edition that brings it. What only comes
new needs none: its hook says ``since``.
"""

from collections.abc import Iterable, Mapping

EDITION = 2
"""Of this package: what a connector that is written now says in its `ConnectorType`."""
FIRST = 1
"""Of connectors that do not say for which they were built."""

CHANGES: Mapping[int, Mapping[str, str]] = {
    2: {
        "find_installed": "it is called list_installed",
        "find_other_instances": "it is called list_other_instances",
        "load_order_details": "it is called read_order_details",
        "bind_shop_product": "it is called write_shop_binding",
        "export_for_manual_import": "it is called encode_import_file",
        "adjust_shop_stock": "it is called update_shop_stock",
        "record_shipment": "it is called create_shipment, and a shipment names its lines where it is a part",
        "change_mis_order": "it is called update_mis_order",
        "order_accepted": "it is given one OrderNews instead of order and accepted",
        "attach_asset": "it is told the line that the file belongs to (line), and list_taken_files says that it is taken",
    },
}
"""By edition, the hook and what to do about it."""

NEW_MEMBERS: Mapping[int, tuple[str, ...]] = {
    2: (
        "AcceptedLine", "AcceptedOrder.lines", "AlertNews", "Artwork.media_type", "Artwork.role", "Artwork.sha256",
        "Artwork.size", "Artwork.way", "Assumption", "BegunOrder", "Carriage", "Change", "ChangePage", "ConnectorType.also",
        "ConnectorType.counts_decimals", "ConnectorType.edition", "ConnectorType.exempt", "ConnectorType.product_kinds",
        "ConnectorType.tells", "Consignment", "FindResult.begun", "ImportNews", "LeadTime", "Limit",
        "MisProduct.lead_time", "MisProduct.options", "MisProduct.variants", "Order.currency", "OrderLine.carriage",
        "OrderLine.files_follow", "OrderNews", "OrderProgress.kind",
        "OrderProgress.reason", "OrderRequest.customer",
        "OrderRequest.resolved", "PreparedOrder.attempt", "PreparedOrder.begun", "PriceNews",
        "ProductPage.next", "ProductSearch.cursor", "ResolvedId", "Rule", "Shipment.id", "Shipment.lines",
        "Shipment.service", "ShipmentNews", "ShippedLine", "ShopMarkup", "StockNews", "TakenFile",
    )
}  # fmt: skip
"""By edition, the Structs and members that came with it. Each has a default where an older connector makes the Struct."""


def changes_since(edition: int, implemented: Iterable[str]) -> list[str]:
    """What has changed of these hooks since ``edition``, a text for each."""
    hooks = set(implemented)
    return [
        f"{hook}: {text}"
        for of, changed in CHANGES.items()
        if of > edition
        for hook, text in changed.items()
        if hook in hooks
    ]
