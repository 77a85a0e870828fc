"""``authentication``, ``products`` and ``producttypes``."""

from decimal import Decimal
from typing import Any

from makeready_tharstern_emulator.assumed import Names
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import Product, ProductType
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.lists import listing, whole_numbers
from makeready_tharstern_emulator.wire.replies import Answer, success


def generate_token(site: Site, call: Call) -> Answer:
    """``?email=&password=&applicationId=``. A wrong login is a success with the all-zero GUID (seen S2)."""
    given = [call.query.one(name) or "" for name in ("email", "password", "applicationId")]
    return success({"Token": site.tokens.mint(*given)})


def list_products(site: Site, call: Call) -> Answer:
    """All, or those with ``id`` or ``productCode``; only what the customer may see, if one is named."""
    filter_name = site.switches.text("customer-filter")
    customer = (call.query.one(filter_name) if filter_name else None) or ""
    rows = [row for row in _chosen(site, call) if not customer or _sees(customer, row)]
    return listing(site, call, rows, lambda row: _write_product(site, row, customer))


def _chosen(site: Site, call: Call) -> list[Product]:
    products = site.world.products
    ids_name = site.switches.text("product-ids-name")
    if ids_name and (several := call.query.many(ids_name)) is not None:
        return [row for number in whole_numbers(ids_name, several) if (row := products.get(number))]
    code, id_ = call.query.one("productCode"), call.query.one("id")
    if id_ is not None:
        return [row for number in whole_numbers("id", [id_]) if (row := products.get(number))]
    return products.find(code.lower()) if code is not None else list(products.all())


def _sees(customer: str, product: Product) -> bool:
    """Customer codes are compared without case (assumed)."""
    return not product.customers or customer.lower() in (code.lower() for code in product.customers)


def _write_product(site: Site, product: Product, customer: str) -> dict[str, Any]:
    """A made-to-order product has neither price nor stock."""
    names, listed = site.names, site.switches.text("customer-prices") == "listed"
    item: dict[str, Any] = {
        "ID": product.id,
        names["product.code"]: product.code,
        names["product.description"]: product.description,
        "ProductTypes_ID": product.product_type,
        names["product.stock_type"]: product.stock_type,
    }
    if not product.product_type:
        item |= _write_stock(names, product, "" if listed else customer)
        item |= _write_lists(names, product) if listed else {}
    item[names["product.weight"]] = product.weight
    return item


def _write_stock(names: Names, product: Product, customer: str) -> dict[str, Any]:
    quantity, price = names["product.break_quantity"], names["product.break_price"]
    own_price: Decimal | None = product.customer_prices.get(customer.upper())
    breaks = [] if own_price is not None else product.price_breaks
    return {
        names["product.price"]: product.price if own_price is None else own_price,
        names["product.price_breaks"]: [{quantity: step.quantity, price: step.price} for step in breaks],
        names["product.in_stock"]: product.in_stock,
        names["product.allocated"]: product.allocated,
    }


def _write_lists(names: Names, product: Product) -> dict[str, Any]:
    code, price = names["product.price_customer"], names["product.price"]
    lists = [{code: customer, price: own} for customer, own in product.customer_prices.items()]
    return {names["product.customer_prices"]: lists}


def list_product_types(site: Site, call: Call) -> Answer:
    """All, or the one with ``id``: its parts and processes (seen S2, S5a; inner members assumed)."""
    id_ = call.query.one("id")
    types = site.world.product_types
    rows = list(types.all())
    if id_ is not None:
        rows = [row for number in whole_numbers("id", [id_]) if (row := types.get(number))]
    return listing(site, call, rows, lambda row: _write_type(site.names, row))


def _write_type(names: Names, row: ProductType) -> dict[str, Any]:
    return {
        "ID": row.id,
        names["type.name"]: row.name,
        names["type.parts"]: [
            {
                "ID": part.id,
                "Name": part.name,
                "Pages": part.pages,
                "Papers": [{"Code": paper.code, "GSM": paper.gsm} for paper in part.papers],
            }
            for part in row.parts
        ],
        names["type.processes"]: [{"ID": process.id, "Name": process.name} for process in row.processes],
    }
