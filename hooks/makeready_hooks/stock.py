"""Stock: what is on the MIS's shelf, shown in the shop."""

from makeready_hooks.markers import hookspec
from makeready_hooks.model.product import ShopStock, StockLevel


@hookspec
async def read_stock(product_ids: tuple[str, ...]) -> tuple[StockLevel, ...] | None:
    """Stock of these products with as few calls as the MIS allows. MIS.

    Called:  for all products of a subscriber on a schedule, and for one that a buyer looks at.
    Return:  the levels that are known; a product that keeps no stock is not there.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def read_shop_stock(site: str, names: tuple[str, ...]) -> tuple[ShopStock, ...] | None:
    """Levels of stock items as the shop has them now, with as few calls as possible. Storefront.

    Return:  those of these names that there are; what a shop calls a stock item is the part number.
    Raise:   RetryLater, Refused.
    """


@hookspec
async def adjust_shop_stock(site: str, stock: ShopStock, change: int) -> bool | None:
    """Add this many to the level of a stock item in the shop, or take them from it. Storefront.

    Called:  never with 0. It is a difference: what buyers draw at the same time stays drawn.
    Return:  True. Whether the level has moved is found out by reading it.
    Raise:   NotSupported if the account has no such call; RetryLater, Refused, OutcomeUnknown.
    """
