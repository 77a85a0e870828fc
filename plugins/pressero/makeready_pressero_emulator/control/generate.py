"""Filling the shop: a catalogue of any size, a stream of orders of any rate."""

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state import generator
from makeready_pressero_emulator.wire.answers import Answer, ApiError
from makeready_pressero_emulator.wire.members import strict


async def generate_catalogue(call: Call) -> Answer:
    """The body is a `CatalogueWish`."""
    generator.catalogue(call.world, call.entry, strict(call.body, generator.CatalogueWish))
    return Answer(status=204)


async def generate_orders(call: Call) -> Answer:
    """The body is a `StreamWish`. 202: the orders come beside this answer, at their rate."""
    wish = strict(call.body, generator.StreamWish)
    try:
        generator.buyers_with_products(call.world, wish)
    except ValueError as error:
        raise ApiError(400, str(error)) from error
    call.world.spawn(generator.orders(call.world, call.entry, wish))
    return Answer(status=202)


ENDPOINTS = (
    Endpoint(
        verb="POST",
        path="/_emulator/generate/catalogue",
        mark=Mark.OWN,
        does="Add products, any number.",
        handler=generate_catalogue,
        token=False,
    ),
    Endpoint(
        verb="POST",
        path="/_emulator/generate/orders",
        mark=Mark.OWN,
        does="Place a stream of orders.",
        handler=generate_orders,
        token=False,
    ),
)
