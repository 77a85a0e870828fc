"""Pricing engines. With an address they are external services, that are asked for every price."""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from makeready_pressero_emulator import assumed
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.state.records import Calculator, PriceBreak
from makeready_pressero_emulator.wire.answers import Answer, ApiError, invalid, json_answer, paged
from makeready_pressero_emulator.wire.members import squashed


class BreakBody(Struct, frozen=True, rename=squashed):
    min_qty: int
    max_qty: int
    unit_price: Decimal


class CalculatorBody(Struct, frozen=True, rename=squashed):
    calculator_name: str | None = None
    method: int | None = None
    is_active: bool | None = None
    url: str | None = None
    user_name: str | None = None
    access_token: str | None = None
    price_breaks: list[BreakBody] | None = None


async def list_calculators(call: Call) -> Answer:
    return paged(call.page(), list(call.shop.calculators.values()), lambda one: _shape(call, one))


async def create_calculator(call: Call) -> Answer:
    body = call.body_as(CalculatorBody)
    if not body.calculator_name:
        raise invalid("CalculatorName", "The name is required")
    calculator = Calculator(calculator_id=call.world.ids.new(), name=body.calculator_name)
    _take(calculator, body)
    call.shop.calculators[calculator.calculator_id] = calculator
    call.effect("calculator-created", calculator=calculator.calculator_id, name=calculator.name)
    return json_answer(_shape(call, calculator))


async def show_calculator(call: Call) -> Answer:
    return json_answer(_shape(call, _calculator(call)))


async def change_calculator(call: Call) -> Answer:
    """Members that are absent or null stay as they are."""
    calculator = _calculator(call)
    _take(calculator, call.body_as(CalculatorBody))
    call.effect("calculator-changed", calculator=calculator.calculator_id)
    return json_answer(_shape(call, calculator))


def _calculator(call: Call) -> Calculator:
    calculator = call.shop.calculators.get(call.params["id"].lower())
    if calculator is None:
        raise ApiError(404, "The pricing engine was not found.")
    return calculator


def _take(calculator: Calculator, body: CalculatorBody) -> None:
    names = {"calculator_name": "name"} | {
        name: name for name in ("method", "is_active", "url", "user_name", "access_token")
    }
    for given, kept in names.items():
        if getattr(body, given) is not None:
            setattr(calculator, kept, getattr(body, given))
    if body.price_breaks is not None:
        calculator.breaks = [
            PriceBreak(min_qty=b.min_qty, max_qty=b.max_qty, unit_price=b.unit_price)
            for b in body.price_breaks
        ]


def _shape(call: Call, calculator: Calculator) -> dict[str, Any]:
    return {
        "CalculatorId": calculator.calculator_id,
        "CalculatorName": calculator.name,
        "IsActive": calculator.is_active,
        "Method": calculator.method,
        "SubscriberId": call.shop.subscriber.subscriber_id,
        "UOMList": calculator.uoms,
        assumed.PLUGIN_URL: calculator.url,
        assumed.PLUGIN_USER: calculator.user_name,
        assumed.PLUGIN_TOKEN: calculator.access_token,
        assumed.PRICE_BREAKS: calculator.breaks,
    }


ENDPOINTS = (
    Endpoint(
        verb="GET",
        path="/api/Calculators",
        mark=Mark.INFERRED,
        does="List pricing engines.",
        handler=list_calculators,
    ),
    Endpoint(
        verb="POST",
        path="/api/Calculators",
        mark=Mark.INFERRED,
        does="Create a pricing engine.",
        handler=create_calculator,
    ),
    Endpoint(
        verb="GET",
        path="/api/Calculators/{id}",
        mark=Mark.SEEN,
        does="Show a pricing engine.",
        handler=show_calculator,
    ),
    Endpoint(
        verb="PUT",
        path="/api/Calculators/{id}",
        mark=Mark.SEEN,
        does="Change a pricing engine.",
        handler=change_calculator,
    ),
)
