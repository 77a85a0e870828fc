"""Stock: what is on the MIS's shelf, shown in the shop."""

from decimal import Decimal

from makeready_hooks.markers import hookspec
from makeready_hooks.model.product import StockLevel


@hookspec
async def read_stock(product_ids: tuple[str, ...]) -> tuple[StockLevel, ...] | None:
    """Stock of these products with as few calls as the MIS allows. MIS.

    Return:  the levels that are known; a product that keeps no stock is not there.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def adjust_shop_stock(site: str, stock_name: str, free: Decimal) -> bool | None:
    """Bring the shop's level of a stock item to this. Storefront.

    Return:  True if a read-back shows the new level.
    Raise:   NotSupported if the account has no such call; RetryLater, OutcomeUnknown.
    """
