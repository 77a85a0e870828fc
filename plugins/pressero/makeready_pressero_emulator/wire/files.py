"""Files of order items, public by their address (seen), and the picture of a product without one."""

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.wire.answers import Answer, ApiError

_NO_PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff\xff\x7f\x00\t\xfb\x03\xfd\x05CE\xca\x00\x00\x00\x00IEND\xaeB`\x82"
)


async def item_file(call: Call) -> Answer:
    wanted = call.params["file"]
    if call.params["subscriber"].lower() != call.shop.subscriber.subscriber_id:
        raise ApiError(404, "There is no such subscriber.")
    _, item = call.item()
    for file in item.files:
        if file.file_name == wanted and file.url.startswith(call.world.base_url):
            return Answer(body=file.content, content_type="application/octet-stream")
    raise ApiError(404, f"There is no file {wanted!r}.")


async def no_picture(_: Call) -> Answer:
    return Answer(body=_NO_PICTURE, content_type="image/png")


async def product_picture(call: Call) -> Answer:
    key = call.params["picture"].removesuffix("_large.png")
    product = call.shop.products.get(key)
    if product is None or not product.image:
        raise ApiError(404, "There is no such picture.")
    return Answer(body=product.image, content_type="image/png")


ENDPOINTS = (
    Endpoint(
        verb="GET",
        path="/files/subscribers/{subscriber}/orders/{n}/{i}/{file}",
        mark=Mark.SEEN,
        does="A file of an item, without signing in.",
        handler=item_file,
        token=False,
    ),
    Endpoint(
        verb="GET",
        path="/files/defaultImages/default_Product_large.png",
        mark=Mark.SEEN,
        does="The picture of a product that has none.",
        handler=no_picture,
        token=False,
    ),
    Endpoint(
        verb="GET",
        path="/files/productImages/{picture}",
        mark=Mark.INFERRED,
        does="The shop's copy of a product's picture.",
        handler=product_picture,
        token=False,
    ),
)
