"""Every name of the wire that no source shows: one table, so that a real site's capture replaces it.

The key is ours, the name is the guess. The switch ``field-map`` overrides names while the emulator
runs: ``product.price=UnitPrice,order.number=OrderNumber``.
"""

from collections.abc import Mapping

ASSUMED: Mapping[str, str] = {
    # A member of Status beside Success. Likely, never seen.
    "status.message": "Message",
    # Items of GET products. ID and ProductTypes_ID are seen, these are not.
    "product.code": "Code",
    "product.description": "Description",
    "product.stock_type": "StockType",
    "product.price": "Price",
    "product.price_breaks": "PriceBreaks",
    "product.break_quantity": "Quantity",
    "product.break_price": "Price",
    "product.customer_prices": "CustomerPrices",
    "product.price_customer": "CustomerCode",
    "product.in_stock": "QtyInStock",
    "product.allocated": "QtyAllocated",
    "product.weight": "Weight",
    # Items of GET producttypes.
    "type.name": "Name",
    "type.parts": "Parts",
    "type.processes": "Processes",
    # The price of an estimate. Its ID and EstimateRef are seen.
    "estimate.price": "TotalPrice",
    # Items of GET orders, and the number beside the ID in the answer to a submission.
    "order.number": "OrderNo",
    "order.unique_id": "UniqueSubmitOrderID",
    "order.customer": "CustomerCode",
    "order.customer_name": "CustomerName",
    "order.status": "Status",
    "order.lines": "Items",
    # Items of GET orderstatuses, a function that is only likely.
    "status.name": "Name",
    "order.deliveries": "Deliveries",
    # Items of GET jobs. JobNo is seen.
    "job.status": "Status",
    "job.order_id": "OrderID",
    "job.in_workflow": "SubmittedToWorkflow",
    # A delivery: the names of the database are seen (S4db), those of the API are not.
    "delivery.carrier": "Courier",
    "delivery.tracking": "ConsignNote",
    "delivery.status": "Status",
    "delivery.date": "DelDateTime",
    # Members of the list envelope, after the .NET class whose TotalItemCount is seen.
    "page.count": "PageCount",
    "page.number": "PageNumber",
    "page.size": "PageSize",
    # Webhooks are seen to exist (S5h); nothing of their wire is.
    "webhook.event": "Event",
    "webhook.sequence": "Sequence",
    "webhook.signature_header": "X-Signature",
}


class Names:
    """The table with one set of overrides applied."""

    def __init__(self, overrides: str = "") -> None:
        """Raises ValueError for a key that is not in the table, or a pair without ``=``."""
        self._names = dict(ASSUMED)
        for pair in filter(None, (part.strip() for part in overrides.split(","))):
            key, equals, name = pair.partition("=")
            if key not in ASSUMED or not equals or not name:
                raise ValueError(f"{pair!r}: write key=Name with a key of the assumed names")
            self._names[key] = name

    def __getitem__(self, key: str) -> str:
        return self._names[key]
