"""The mark of what is an id of one shop: a company can have several, and their ids overlap.

A connector is given its own ids and gives them; to everybody else they are told apart (`makeready_hooks.shop_ids`).
"""

from typing import Annotated

OF_SHOP = "an id of the shop"
ShopId = Annotated[str, OF_SHOP]
"""The storefront's own of an order, an item, a site, a product, a buyer, whatever it is that it numbers."""
