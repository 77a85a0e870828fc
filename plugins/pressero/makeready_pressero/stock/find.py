"""The stock item of a product. That it is not there is believed only from a question that can find one."""

from makeready_hooks.errors import Refused
from makeready_hooks.model.product import ProductDraft

from makeready_pressero.client import PresseroClient
from makeready_pressero.products.mapping import whole
from makeready_pressero.session import Row
from makeready_pressero.wire import text


async def stock_item_of(client: PresseroClient, draft: ProductDraft) -> str:
    """Its id, made if it is not there; "" for a product without stock.

    Named like the part number; the level can only be given at the start (seen).
    """
    if draft.stock is None:
        return ""
    found = await find_stock(client, draft.site, draft.part_number) if draft.may_exist else ""
    return found or await client.create_stock(draft.site, draft.part_number, whole(draft.stock))


async def find_stock(client: PresseroClient, site: str, name: str) -> str:
    """The id of the stock item of this name; "" if there certainly is none.

    The list of all items has to agree, and the same question has to find one of them. Raises Refused if nobody can
    tell: then nothing is made.
    """
    if found := await client.stock_item(site, name):
        return text(found.get("StockId"))
    listed = await client.stock_items(site, "")
    if found := next((row for row in listed if row.get("StockName") == name), None):
        return text(found.get("StockId"))
    if not await _can_find(client, site, listed):
        raise Refused(
            f"Nobody can tell whether {site} has the stock item {name}: Pressero does not find stock items by their names.",
            fix="Look there. If it is not there, make it by hand; then import the product again.",
        )
    return ""


async def _can_find(client: PresseroClient, site: str, listed: list[Row]) -> bool:
    """Without any item there is nothing to be found."""
    name = next((text(row.get("StockName")) for row in listed if row.get("StockName")), "")
    return bool(name) and await client.stock_item(site, name) is not None
