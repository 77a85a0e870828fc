"""Whatever a client sends, the answer is a reasoned one: never a crash, and 4xx changes nothing."""

import asyncio
import json
import re
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makeready_hooks.testing.emulation import EmulatorSetup
from makeready_pressero_emulator import EMULATOR
from makeready_pressero_emulator.app import ENDPOINTS

BUYER = "2eef0af0-280e-4c03-a735-4fc04f7909d7"
CALLS = [(e.verb, e.path) for e in ENDPOINTS if e.path.startswith("/api/") and e.verb in ("POST", "PUT")]
NAMES = tuple(
    re.split(
        r"\s+",
        """ProductInfo ProductName ProductGroupCalculators CalculatorId GroupId Markups MinQty Categories FileUploads
        AllowedGroups Attributes Filters Column Value Operator SortDescriptor Member StartDate Stock StockName Quantity
        CurrentLevel Url Events SecurityKey MisId Items OrderId ShipmentInfo OrderItemId PricingParameters Quantities
        Options Key items siteId userId productId quantity price Weight Country Name AssetType requestedShipDate""",
    )
)

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)


async def signed_in(http: httpx.AsyncClient) -> None:
    access = (await http.get("/_emulator/access")).json()
    login = {name.replace("_", ""): value for name, value in access.items()}
    token = (await http.post("/api/token", json=login)).json()["Data"]
    http.headers["Authorization"] = f"token {token}"


async def names_of_things(http: httpx.AsyncClient) -> dict[str, str]:
    """Values for the parts of a path that vary, which lead to something."""
    site = "/api/site/shop.northfield.example"
    flow = (await http.get("/api/Workflows")).json()["Items"][0]["WorkflowId"]
    return {
        "domain": "shop.northfield.example",
        "product": (await http.get(f"{site}/products")).json()["Items"][0]["ProductId"],
        "stock": (await http.get(f"{site}/StockInventory")).json()["Items"][0]["StockId"],
        "cart": (await http.get(f"/api/cart/shop.northfield.example?userId={BUYER}")).json()["Id"],
        "stage": (await http.get(f"/api/workflows/{flow}/Stages")).json()[0]["WorkflowStageId"],
        "id": (await http.get("/api/Calculators")).json()["Items"][0]["CalculatorId"],
        "user": BUYER,
        "n": "6994",
        "i": "1",
    }


async def send(verb: str, path: str, body: bytes) -> tuple[httpx.Response, list[dict[str, Any]]]:
    """One request to a new emulator with one order; gives its answer and its effects."""
    setup = EmulatorSetup(base_url="http://pressero.test", switches={"rate-limit": "off"})
    app: Any = EMULATOR.build(setup)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=setup.base_url) as http:
        await signed_in(http)
        wish = {"site": "shop.northfield.example", "count": 1, "prefix": "NF-CARD"}
        await http.post("/_emulator/generate/orders", json=wish)
        await http.get("/_emulator/idle")
        known = await names_of_things(http)
        for part in ("asset", "item", "token"):
            known[part] = "none"
        answer = await http.request(verb, path.format_map(known), content=body, params={"userId": BUYER})
        entries = (await http.get("/_emulator/journal")).json()
        app.world.close()
    return answer, entries[-1]["effects"]


@pytest.mark.parametrize(("verb", "path"), CALLS, ids=[" ".join(call) for call in CALLS])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(value=objects | values)
def test_any_json_is_answered_and_a_refusal_changes_nothing(verb: str, path: str, value: Any) -> None:
    answer, effects = asyncio.run(send(verb, path, json.dumps(value).encode()))
    assert answer.status_code in (200, 201, 204, 400, 401, 404)
    if answer.status_code >= 400:
        assert answer.json()["Message"]
        assert effects == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b'{"a":', b"[1,2", b"\x00"])
def test_bytes_that_are_no_json_are_400(body: bytes) -> None:
    answer, _ = asyncio.run(send("POST", "/api/v2/Orders/Search", body))
    assert (answer.status_code, "not JSON" in answer.json()["Message"]) == (400, True)
