"""What a client may say of a product, and how the shop takes it."""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.assumed import NO_PAIRING
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.state.records import FileUpload, Markup, Pairing, Product, Site
from makeready_pressero_emulator.state.scenario import url_name
from makeready_pressero_emulator.wire.answers import ApiError, invalid
from makeready_pressero_emulator.wire.members import squashed, typed


class Info(Struct, frozen=True, rename=squashed):
    """``ProductInfo``. Absent and null are the same: not said."""

    product_name: str | None = None
    url_name: str | None = None
    public_part_num: str | None = None
    printers_part_num: str | None = None
    mis_id: str | None = None
    short_description: str | None = None
    long_description: str | None = None
    is_active: bool | None = None
    is_back_ordering_allowed: bool | None = None
    days_to_ship_in_stock: int | None = None
    days_to_ship_out_stock: int | None = None
    stock_id: str | None = None
    workflow_id: str | None = None
    vendor_id: str | None = None
    vendor_gets_non_markup_price: bool | None = None


class PairingBody(Struct, frozen=True, rename=squashed):
    calculator_id: str
    group_id: str
    priority: int | None = None
    calc_configuration: Any = None


class MarkupBody(Struct, frozen=True, rename=squashed):
    min_qty: int
    max_qty: int
    markup: Decimal


class UploadBody(Struct, frozen=True, rename=squashed):
    name: str
    required: bool = False


class CategoryBody(Struct, frozen=True, rename=squashed):
    category_id: str


class AttributeBody(Struct, frozen=True, rename=squashed):
    attribute_id: str
    attribute_value: str | None = None


class ProductBody(Struct, frozen=True, rename=squashed):
    """A create or update. Unknown members are ignored, like ``Categories`` when it is not honoured."""

    product_info: Info = Info()
    allowed_groups: list[str] | None = None
    image_url: str | None = None
    attributes: list[AttributeBody] | None = None
    product_group_calculators: list[PairingBody] | None = None
    markups: list[MarkupBody] | None = None
    categories: Any = None
    file_uploads: Any = None


_SAME_NAME = (
    "mis_id",
    "short_description",
    "long_description",
    "is_active",
    "is_back_ordering_allowed",
    "days_to_ship_in_stock",
    "days_to_ship_out_stock",
    "vendor_id",
    "vendor_gets_non_markup_price",
)
_OTHER_NAME = {
    "product_name": "name",
    "printers_part_num": "part_number",
    "public_part_num": "public_part_number",
}


def created(call: Call, body: ProductBody) -> Product:
    """A new product. Raises ApiError 400, above all without a pairing (seen)."""
    info, site = body.product_info, call.site()
    if not info.product_name:
        raise invalid("ProductInfo.ProductName", "The name is required")
    if not body.product_group_calculators:
        raise ApiError(400, NO_PAIRING)
    product = Product(
        product_id="",
        site_id=site.site_id,
        name=info.product_name,
        url_name=_free_url_name(call, site, info.url_name or url_name(info.product_name)),
        workflow_id=next(iter(call.shop.workflows)),
    )
    change(call, product, body)
    product.product_id = call.world.ids.new()
    return product


def change(call: Call, product: Product, body: ProductBody) -> None:
    """Take what was said and leave the rest. Raises ApiError 400 before anything changes."""
    site = call.world.site(product.site_id)
    if call.world.switches.text("inferred-product-members") == "refuse":
        _refuse_inferred(body)
    new: dict[str, Any] = _plain(body.product_info) | _references(call, site, body.product_info)
    if body.product_info.url_name and product.product_id:
        new["url_name"] = _free_url_name(call, site, body.product_info.url_name, except_for=product)
    if body.allowed_groups is not None:
        new["allowed_group_ids"] = [_group(call, site, key) for key in body.allowed_groups]
    if body.image_url is not None:
        new["image_url"] = body.image_url
    if body.attributes is not None:
        new["attributes"] = [
            {"AttributeId": a.attribute_id, "AttributeValue": a.attribute_value} for a in body.attributes
        ]
    if body.product_group_calculators is not None:
        new["pairings"] = _pairings(call, site, body.product_group_calculators)
    if body.markups is not None:
        new["markups"] = [Markup(min_qty=m.min_qty, max_qty=m.max_qty, markup=m.markup) for m in body.markups]
    if call.world.switches.on("inferred-product-members"):
        new |= _inferred(call, site, body)
    for name, value in new.items():
        setattr(product, name, value)


def _refuse_inferred(body: ProductBody) -> None:
    pairings = body.product_group_calculators or []
    given = (body.categories, body.file_uploads, *(pair.calc_configuration for pair in pairings))
    if any(value is not None for value in given):
        raise ApiError(400, "The request is invalid: it has a member that is not known.")


def _plain(info: Info) -> dict[str, Any]:
    names = {name: name for name in _SAME_NAME} | _OTHER_NAME
    said = {kept: getattr(info, given) for given, kept in names.items()}
    return {kept: value for kept, value in said.items() if value is not None}


def _references(call: Call, site: Site, info: Info) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if info.workflow_id:
        found["workflow_id"] = _known(call.shop.workflows, info.workflow_id, "ProductInfo.WorkflowId")
    if info.stock_id:
        found["stock_id"] = _known(call.shop.stocks, info.stock_id, "ProductInfo.StockId")
    return found


def _pairings(call: Call, site: Site, given: list[PairingBody]) -> list[Pairing]:
    """One engine per group; their order is their priority (seen)."""
    if not given:
        raise ApiError(400, NO_PAIRING)
    groups = [_group(call, site, pair.group_id) for pair in given]
    if len(set(groups)) < len(groups):
        raise invalid("ProductGroupCalculators", "A group has one pricing engine")
    honour = call.world.switches.on("inferred-product-members")
    return [
        Pairing(
            group_id=group,
            calculator_id=_known(call.shop.calculators, pair.calculator_id, "CalculatorId"),
            priority=pair.priority if pair.priority is not None else number,
            configuration=pair.calc_configuration if honour else None,
        )
        for number, (pair, group) in enumerate(zip(given, groups, strict=True), start=1)
    ]


def _inferred(call: Call, site: Site, body: ProductBody) -> dict[str, Any]:
    """Categories by id or name, uploads by name: their form is not known."""
    new: dict[str, Any] = {}
    if isinstance(body.categories, list):
        new["category_ids"] = [_category(call, site, one) for one in body.categories]
    if isinstance(body.file_uploads, list):
        new["uploads"] = [_upload(one) for one in body.file_uploads]
    return new


def _upload(given: Any) -> FileUpload:
    body = typed(given, UploadBody)
    return FileUpload(name=body.name, required=body.required)


def _category(call: Call, site: Site, given: Any) -> str:
    wanted = typed(given, CategoryBody).category_id if isinstance(given, dict) else given
    for category in call.shop.categories.values():
        if category.site_id == site.site_id and wanted in (category.category_id, category.name):
            return category.category_id
    raise invalid("Categories", f"There is no category {wanted!r} on this site")


def _group(call: Call, site: Site, key: str) -> str:
    key = key.lower()
    group = call.shop.groups.get(key)
    if group is None or group.site_id != site.site_id:
        raise invalid("GroupId", f"There is no group {key!r} on this site")
    return key


def _known(table: dict[str, Any], key: str, member: str) -> str:
    if key.lower() not in table:
        raise invalid(member, f"{key!r} does not exist")
    return key.lower()


def _free_url_name(call: Call, site: Site, wanted: str, except_for: Product | None = None) -> str:
    taken = {
        p.url_name for p in call.shop.products.values() if p.site_id == site.site_id and p is not except_for
    }
    if wanted not in taken:
        return wanted
    if call.world.switches.text("duplicate-url-name") == "refuse":
        raise invalid("ProductInfo.UrlName", f"The name {wanted!r} is taken")
    return next(name for n in range(2, len(taken) + 3) if (name := f"{wanted}-{n}") not in taken)
