"""Order items as the order search returns them: flat, some ninety members, the vendor's spelling.

One table from member to value. It makes the answer and also finds the column of a filter.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from msgspec import Struct

from makeready_pressero_emulator.assumed import ALPHA2_NAMES
from makeready_pressero_emulator.shop.order_life import workflow_of
from makeready_pressero_emulator.state.records import KitPart, Order, OrderItem, Product, Site, Stage, User
from makeready_pressero_emulator.world import World


class Line(Struct, frozen=True, kw_only=True):
    """An item with all that surrounds it."""

    world: World
    order: Order
    item: OrderItem

    @property
    def product(self) -> Product:
        return self.world.shop.products[self.item.product_id]

    @property
    def site(self) -> Site:
        return self.world.shop.sites[self.order.site_id]

    @property
    def user(self) -> User:
        return self.world.shop.users[self.order.user_id]

    @property
    def stage(self) -> Stage:
        return self.world.stage(self.item.workflow_stage_id)

    def shown(self, name: str) -> Any:
        """An attribute of the item, or what stale reads still show of it."""
        shadow = self.item.shadows.get(name)
        if shadow and self.world.clock.now() < shadow.until:
            return shadow.value
        return getattr(self.item, name)

    def country(self, code: str | None) -> str | None:
        if code and self.world.switches.text("country") == "name":
            return ALPHA2_NAMES.get(code.upper(), code)
        return code

    def sum(self, name: str) -> Decimal:
        """Over all items of the order."""
        return sum((getattr(item, name) for item in self.order.items), Decimal(0))


def full_name(first: str | None, last: str | None) -> str | None:
    return " ".join(part for part in (first, last) if part) or None


def pricing_info(options: list[dict[str, Any]]) -> str:
    """XML in a string (seen): root ``PricingParms``, child ``Options``, below it ``Key`` and ``Value``."""
    inner = "".join(
        f"<Option><Key>{escape(str(one['Key']))}</Key><Value>{escape(str(one['Value']))}</Value></Option>"
        for one in options
    )
    return (
        f"<PricingParms><Options>{inner}</Options></PricingParms>"
        if inner
        else ("<PricingParms><Options /></PricingParms>")
    )


def _options_text(line: Line) -> str:
    return ", ".join(f"{one['Key']}: {one['Value']}" for one in line.item.options)


def product_of(line: Line) -> dict[str, Any]:
    product = line.product
    return {
        "ProductId": product.product_id,
        "ProductName": product.name,
        "PrintersPartNum": product.part_number,
        "MisId": product.mis_id,
        "ProductLocationNotes": product.location_notes,
        "Attributes": product.attributes,
    }


def _method_id(line: Line) -> str | None:
    wanted = line.item.shipping_method
    for method in line.world.shop.shipping_methods.values():
        if method.name == wanted:
            return method.shipping_method_id
    return None


def _latest_shipment(line: Line, name: str, default: Any = None) -> Any:
    shipments = line.shown("shipments")
    return getattr(shipments[-1], name) if shipments else default


Getter = Callable[[Line], Any]


def _address_members(prefix: str, state_name: str, address: Callable[[Line], Any]) -> dict[str, Getter]:
    """``BillTo``/``ShipTo`` with what follows; the state's lower-case t is the vendor's spelling (seen)."""
    return {
        prefix: lambda line: full_name(address(line).first_name, address(line).last_name),
        f"{prefix}FirstName": lambda line: address(line).first_name,
        f"{prefix}LastName": lambda line: address(line).last_name,
        f"{prefix}Business": lambda line: address(line).business,
        f"{prefix}Address1": lambda line: address(line).address1,
        f"{prefix}Address2": lambda line: address(line).address2,
        f"{prefix}Address3": lambda line: address(line).address3,
        f"{prefix}City": lambda line: address(line).city,
        f"{prefix}Postal": lambda line: address(line).postal,
        state_name: lambda line: address(line).state_province,
        f"{prefix}Country": lambda line: line.country(address(line).country),
        f"{prefix}Phone": lambda line: address(line).phone,
    }


def _empty(*names: str) -> dict[str, Getter]:
    """Members that were seen and hold nothing here."""
    return {name: lambda _: None for name in names}


_numbered = [f"{kind}{n}" for n in range(1, 11) for kind in ("ProductAttributeName", "ProductAttributeValue")]
_numbered += [f"{kind}{n}" for n in range(1, 11) for kind in ("ProductFormField", "ProductFormValue")]

MEMBERS: dict[str, Getter] = {
    "OrderId": lambda line: line.order.order_id,
    "OrderNumber": lambda line: line.order.number,
    "OrderItemId": lambda line: line.item.order_item_id,
    "OrderItemNumber": lambda line: line.item.number,
    "OrderItemSeq": lambda line: line.item.number,
    "SiteId": lambda line: line.order.site_id,
    "SiteName": lambda line: line.site.name,
    "Domain": lambda line: line.site.domain,
    "OrderDate": lambda line: line.world.moment(line.order.ordered_at),
    "ApprovedDate": lambda line: line.world.moment(line.item.approved_at),
    "RequestedShipDate": lambda line: line.world.day(line.order.requested_ship_date),
    "ShipmentDate": lambda line: _latest_shipment(line, "ship_date"),
    "WorkflowStageDate": lambda line: line.world.moment(line.item.history[-1].at),
    "Product": product_of,
    "ProductName": lambda line: line.product.name,
    "ItemName": lambda line: line.item.name,
    "OrderItemOptionsText": _options_text,
    "PrinterPartNumber": lambda line: line.product.part_number,
    "ClientPartNumber": lambda line: line.product.public_part_number,
    "Quantity": lambda line: line.item.quantity,
    "UOMQuantity": lambda line: line.item.quantity,
    "TotalQuantity": lambda line: line.item.quantity,
    "ItemNotes": lambda line: line.shown("notes"),
    "PricingEngineInfo": lambda line: pricing_info(line.item.options),
    "Price": lambda line: line.item.price,
    "Shipping": lambda line: line.item.shipping,
    "ItemTax": lambda line: line.item.tax,
    "ShipmentCost": lambda line: sum((s.ship_cost for s in line.shown("shipments")), Decimal(0)),
    "OrderSubtotal": lambda line: line.sum("price"),
    "OrderShipping": lambda line: line.sum("shipping"),
    "OrderTax": lambda line: line.sum("tax"),
    "OrderDiscount": lambda line: line.sum("discount"),
    "OrderTotal": lambda line: (
        line.sum("price") + line.sum("shipping") + line.sum("tax") - line.sum("discount")
    ),
    **_empty("SalesRepFirstName", "SalesRepLastName", "SalesRepEmail"),
    "OrderedByFirstName": lambda line: line.user.first_name,
    "OrderedByLastName": lambda line: line.user.last_name,
    "OrderedByEmail": lambda line: line.user.email,
    "OrderedByDepartment": lambda line: line.user.department,
    "PONumber": lambda line: line.order.po_number,
    **_address_members("BillTo", "BilltoStateProvince", lambda line: line.order.bill_to),
    "BillToEmail": lambda line: line.order.bill_to.email,
    "ShippingMethodId": _method_id,
    "ShippingMethod": lambda line: line.item.shipping_method,
    "ShipmentTracking": lambda line: _latest_shipment(line, "ship_tracking"),
    **_address_members("ShipTo", "ShiptoStateProvince", lambda line: line.item.ship_to),
    "WorkflowId": lambda line: workflow_of(line.world, line.item).workflow_id,
    "WorkflowStageId": lambda line: line.stage.workflow_stage_id,
    "WorkflowStageNumber": lambda line: line.stage.seq,
    "WorkflowStagePrinter": lambda line: line.stage.printer_stage,
    "WorkflowStageCustomer": lambda line: line.stage.customer_stage,
    "IsPaid": lambda line: line.order.is_paid,
    "IsApproved": lambda line: line.item.is_approved,
    "IsDenied": lambda line: line.item.is_denied,
    "IsApprovedWithModifications": lambda _: False,
    "JobId": lambda line: line.shown("job_id"),
    "JobNumber": lambda line: line.shown("job_number"),
    "MisId": lambda line: line.shown("mis_id"),
    "OrderItemMISID": lambda line: line.shown("order_item_mis_id"),
    "Attributes": lambda line: line.item.attributes,
    **_empty(*_numbered, "CheckoutFormField1", "CheckoutFormValue1"),
}

COLUMNS: dict[str, Getter] = {name.lower(): getter for name, getter in MEMBERS.items()}
"""The same, for filters: columns are named whatever their case (seen)."""


def flat(line: Line) -> dict[str, Any]:
    """A kit also shows its parts. In which member nobody has seen; how many there are is for the whole item."""
    members = {name: getter(line) for name, getter in MEMBERS.items()}
    kit = {"KitItems": [_part(part) for part in line.item.kit]} if line.item.kit else {}
    return members | kit | line.item.edits


def _part(part: KitPart) -> dict[str, Any]:
    return {"PrinterPartNumber": part.part_number, "ProductName": part.name, "Quantity": part.quantity}
