"""Products: searched and created on one path, by what the body is."""

from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.api.products import product_bodies as bodies
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.shop.pictures import fetch_picture, picture_url
from makeready_pressero_emulator.state.records import Product
from makeready_pressero_emulator.wire.answers import Answer, json_answer, paged
from makeready_pressero_emulator.wire.filters import chosen, read_filters
from makeready_pressero_emulator.wire.members import typed
from makeready_pressero_emulator.world import World


async def list_products(call: Call) -> Answer:
    return _listed(call, None)


async def search_or_create(call: Call) -> Answer:
    """An array (or nothing) searches; an object creates (seen)."""
    body = call.json()
    return _create(call, body) if isinstance(body, dict) else _listed(call, body)


async def product_details(call: Call) -> Answer:
    return json_answer(details(call.world, call.product()))


async def change_product(call: Call) -> Answer:
    product, body = call.product(), call.body_as(bodies.ProductBody)
    bodies.change(call, product, body)
    call.effect("product-changed", product=product.product_id)
    if body.image_url:
        call.world.spawn(fetch_picture(call.world, call.entry, product))
    return json_answer(details(call.world, product))


def _listed(call: Call, filters: Any) -> Answer:
    site = call.site()
    deleted_too = call.query.get("includedeleted", "").lower() == "true"
    own = [
        product
        for product in call.shop.products.values()
        if product.site_id == site.site_id and (deleted_too or not product.is_deleted)
    ]
    found = chosen(own, read_filters(filters), _COLUMNS)
    return paged(call.page(), found, lambda product: _listed_as(site.name, product))


def _create(call: Call, body: dict[str, Any]) -> Answer:
    product = bodies.created(call, typed(body, bodies.ProductBody))
    call.shop.products[product.product_id] = product
    call.effect(
        "product-created",
        product=product.product_id,
        part_number=product.part_number,
        site=call.site().domain,
    )
    if product.image_url:
        call.world.spawn(fetch_picture(call.world, call.entry, product))
    status = int(call.world.switches.text("product-create-status"))
    return json_answer(_echo(body, product), status)


def _echo(body: dict[str, Any], product: Product) -> dict[str, Any]:
    """What was sent, with the id (seen) and the UrlName that it got."""
    rest = {name: value for name, value in body.items() if name.lower() != "productinfo"}
    sent: dict[str, Any] = next((value for name, value in body.items() if name.lower() == "productinfo"), {})
    return {"ProductInfo": {**sent, "ProductId": product.product_id, "UrlName": product.url_name}, **rest}


_COLUMNS = {
    "productid": lambda product: product.product_id,
    "productname": lambda product: product.name,
    "urlname": lambda product: product.url_name,
    "printerspartnum": lambda product: product.part_number,
    "publicpartnumber": lambda product: product.public_part_number,
    "publicpartnum": lambda product: product.public_part_number,
    "isactive": lambda product: product.is_active,
}


def _listed_as(site_name: str, product: Product) -> dict[str, Any]:
    """The list says ``PublicPartNumber``, details say ``PublicPartNum`` (seen)."""
    return {
        "ProductId": product.product_id,
        "ProductName": product.name,
        "PublicPartNumber": product.public_part_number,
        "PrintersPartNum": product.part_number,
        "UrlName": product.url_name,
        "SiteName": site_name,
        "IsActive": product.is_active,
    }


def details(world: World, product: Product) -> dict[str, Any]:
    """The flat form of one product."""
    seen = {
        "ProductId": product.product_id,
        "ProductName": product.name,
        "PublicPartNum": product.public_part_number,
        "PrintersPartNum": product.part_number,
        "MisId": product.mis_id,
        "ProductLocationNotes": product.location_notes,
        "CalcShowPricePerPiece": False,
        "IsActive": product.is_active,
        "MinQty2": 0,
        "MinQty3": 0,
        "MinQty4": 0,
        "Attributes": product.attributes,
        "AllowedGroups": [_group(world, key) for key in product.allowed_group_ids],
        "ImagesUrl": [picture_url(world, product)],
        "ProductGroupCalculators": [_pairing(world, product, pair) for pair in product.pairings],
    }
    return seen | (_extras(world, product) if world.switches.on("product-extras") else {})


def _extras(world: World, product: Product) -> dict[str, Any]:
    """Members that were not seen in details, as they are called elsewhere (inferred)."""
    return {
        "UrlName": product.url_name,
        "ShortDescription": product.short_description,
        "LongDescription": product.long_description,
        "WorkflowId": product.workflow_id,
        "StockId": product.stock_id,
        "IsBackOrderingAllowed": product.is_back_ordering_allowed,
        "DaysToShipInStock": product.days_to_ship_in_stock,
        "DaysToShipOutStock": product.days_to_ship_out_stock,
        "Markups": product.markups,
        "Categories": [_category(world, key) for key in product.category_ids],
        "FileUploads": product.uploads,
    }


class _Category(Struct, frozen=True, rename="pascal"):
    category_id: str
    category_name: str


def _category(world: World, key: str) -> _Category:
    return _Category(category_id=key, category_name=world.shop.categories[key].name)


def _group(world: World, key: str) -> Any:
    if world.switches.text("allowed-groups") == "ids":
        return key
    return {"GroupId": key, "GroupName": world.shop.groups[key].name}


def _pairing(world: World, product: Product, pair: Any) -> dict[str, Any]:
    engine = world.shop.calculators[pair.calculator_id]
    return {
        "Priority": pair.priority,
        "CalcConfiguration": pair.configuration,
        "ProductId": product.product_id,
        "GroupId": pair.group_id,
        "CalculatorId": pair.calculator_id,
        "Calculator": {
            "CalculatorId": engine.calculator_id,
            "CalculatorName": engine.name,
            "IsActive": engine.is_active,
            "Method": engine.method,
            "SubscriberId": world.shop.subscriber.subscriber_id,
        },
    }


ENDPOINTS = (
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/products",
        mark=Mark.SEEN,
        does="List products.",
        handler=list_products,
    ),
    Endpoint(
        verb="POST",
        path="/api/site/{domain}/products",
        mark=Mark.SEEN,
        does="Search products (array) or create one (object).",
        handler=search_or_create,
        switch="product-create-status",
    ),
    Endpoint(
        verb="GET",
        path="/api/site/{domain}/products/{product}",
        mark=Mark.SEEN,
        does="Show a product.",
        handler=product_details,
        switch="product-extras",
    ),
    Endpoint(
        verb="PUT",
        path="/api/site/{domain}/products/{product}",
        mark=Mark.SEEN,
        does="Change a product, in part.",
        handler=change_product,
    ),
)
