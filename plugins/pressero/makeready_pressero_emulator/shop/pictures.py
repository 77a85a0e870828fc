"""The picture of a product: the shop fetches it from ``ImageUrl`` (seen) and then shows its own copy."""

from makeready_pressero_emulator.shop.outbound import NotDelivered, fetch
from makeready_pressero_emulator.state.journal import Entry
from makeready_pressero_emulator.state.records import Product
from makeready_pressero_emulator.world import World


async def fetch_picture(world: World, entry: Entry, product: Product) -> None:
    """What came of it is in the journal: a status, or why there is none."""
    result: int | str
    try:
        response = await fetch(product.image_url or "")
        result = response.status_code
        product.image = response.content if response.status_code == 200 else b""
    except NotDelivered as failure:
        result = str(failure)
    world.changed(entry, "picture-fetched", product=product.part_number, result=result)


def picture_url(world: World, product: Product) -> str:
    """The shop's copy; the address that was given, while there is none; else the default picture."""
    if product.image:
        return f"{world.base_url}/files/productImages/{product.product_id}_large.png"
    return product.image_url or f"{world.base_url}/files/defaultImages/default_Product_large.png"
