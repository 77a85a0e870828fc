"""Shipping methods and what shipping would cost."""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state.records import ShippingMethod
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer, paged
from makeready_pressero_emulator.wire.filters import chosen, read_filters
from makeready_pressero_emulator.wire.members import squashed


class Parcel(Struct, frozen=True, rename=squashed):
    weight: Decimal = Decimal(0)
    country: str | None = None
    postal_code: str | None = None


async def estimate(call: Call) -> Answer:
    """What every active method would cost, by weight."""
    call.site()
    weight = call.body_as(Parcel).weight
    active = [method for method in call.shop.shipping_methods.values() if method.is_active]
    return json_answer([{"Estimate": _estimate(method, weight)} for method in active])


async def search_methods(call: Call) -> Answer:
    found = chosen(call.shop.shipping_methods.values(), read_filters(call.json()), _COLUMNS)
    return paged(call.page(), found, lambda method: _shape(call, method))


async def method_details(call: Call) -> Answer:
    method = call.shop.shipping_methods.get(call.params["id"].lower())
    if method is None:
        raise ApiError(404, "The shipping method was not found.")
    more = {
        "AddInsurance": False,
        "FreeShippingValue": 0,
        "ServiceCode": method.name.upper(),
        "MinWeight": 0,
        "MaxWeight": 0,
        "Zones": [],
        "Attributes": [],
    }
    return json_answer(_shape(call, method) | more)


def cost_of(method: ShippingMethod, weight: Decimal) -> Decimal:
    return (method.min_charge + method.per_weight * weight).quantize(Decimal("0.01"))


def _estimate(method: ShippingMethod, weight: Decimal) -> dict[str, Any]:
    service = {"Name": method.name, "Description": method.carrier}
    return {"CanShip": True, "Cost": cost_of(method, weight), "Service": service}


_COLUMNS = {"methodname": lambda one: one.name, "carrier": lambda one: one.carrier}


def _shape(call: Call, method: ShippingMethod) -> dict[str, Any]:
    return {
        "SubscriberShippingMethodId": method.shipping_method_id,
        "IsResidential": False,
        "MethodName": method.name,
        "MinCharge": method.min_charge,
        "IsActive": method.is_active,
        "Markup": 0,
        "Handling": 0,
        "MaxPkgWt": 0,
        "Carrier": method.carrier,
        "ServiceName": method.name,
        "SubscriberId": call.shop.subscriber.subscriber_id,
        "IntegrationID": method.mis_id,
    }


ENDPOINTS = (
    Endpoint(
        verb="POST",
        path="/api/V2/SiteShipping/{domain}/Estimate",
        mark=Mark.SEEN,
        does="Estimate shipping by weight and place.",
        handler=estimate,
    ),
    Endpoint(
        verb="POST",
        path="/api/SubscriberShippingMethods/Search",
        mark=Mark.SEEN,
        does="Search shipping methods.",
        handler=search_methods,
    ),
    Endpoint(
        verb="GET",
        path="/api/SubscriberShippingMethods/{id}/details",
        mark=Mark.SEEN,
        does="Show a shipping method.",
        handler=method_details,
    ),
)
