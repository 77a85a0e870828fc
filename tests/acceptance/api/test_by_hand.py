"""The JSON API: what a person accepts and takes back, and orders that cannot be read."""

import msgspec
from api import NORTHFIELD, Api, refused, send
from makeready_hooks.model.submission import MisOrder
from pretend import Bench, order
from steps import ask_to_look, settle, states


async def test_what_a_person_has_accepted_can_be_taken_back(bench: Bench, api: Api) -> None:
    await refused(bench, "6995")
    at = f"{NORTHFIELD}/submissions/6995-1"
    bench.mis.numbered = {"SO-77": MisOrder(id="77", number="SO-77")}
    assert (await api.get(f"{at}/in-mis", mis_number="so-77"))["alike"] == "SO-77"
    await api.post(f"{at}/accept", 409, body={"mis_number": "SO-78", "confirmed": True})
    await api.post(f"{at}/accept", body={"mis_number": "SO-77", "confirmed": True})
    assert (await api.get(f"{NORTHFIELD}/orders/6995"))["sent"][0]["by_hand"]
    assert await api.post(f"{at}/take-back") == {"key": "6995-1", "decision": "take-back"}
    assert await states(bench, "6995") == ["refused"]
    await api.post(f"{at}/take-back", 409)


async def test_an_order_that_cannot_be_read_is_found_and_read_again(bench: Bench, api: Api) -> None:
    broken = msgspec.structs.replace(order("6994"), lines=(), problem="No date.", document=b'{"a": "\xff"}')
    bench.shop.orders["6994"] = broken
    await send(bench, "6990")
    await ask_to_look(bench, "6994")
    await settle(bench)
    for found in (
        await api.get(f"{NORTHFIELD}/orders", q="6994"),
        await api.get(f"{NORTHFIELD}/orders", state="unreadable"),
        await api.get(f"{NORTHFIELD}/orders/6994"),
    ):
        [one] = found["unreadable"]
        assert (one["order"], one["problem"], found["lines"]) == ("6994", "No date.", [])
        assert '{"a"' in one["document"]
    inbox = await api.get(f"{NORTHFIELD}/inbox")
    assert (inbox["counts"]["unreadable"], inbox["unreadable"][0]["order"]) == (1, "6994")
    await api.get(f"{NORTHFIELD}/orders", 422, state="lost")
    bench.shop.orders["6994"] = order("6994")
    assert await api.post(f"{NORTHFIELD}/orders/6994/look-again") == {"count": 1}
    await settle(bench)
    assert await states(bench, "6994") == ["accepted"]
    assert (await api.get(f"{NORTHFIELD}/orders"))["unreadable"] == []
    await api.post(f"{NORTHFIELD}/orders/6994/look-again", 404)
