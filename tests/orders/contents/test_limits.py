"""What the MIS cannot hold is known before an order leaves, is told with its value, and is never cut in silence."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.contents.limits import shortened, why_too_long
from makeready.orders.settings import OrderRules
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import OutcomeUnknown
from makeready_hooks.model.limits import LINE_MEMBERS, ORDER_MEMBERS, Limit
from makeready_hooks.model.order import Address, Order, Party
from makeready_hooks.model.submission import FindResult, OrderRequest
from makeready_inspect.evidence import order_evidence
from msgspec import structs
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

STREET = "Suite 12, Northfield Museums Trading Estate"
LIMITS = (
    Limit(member="ship_to.address.line1", longest=30),
    Limit(member="po_number", longest=8, allowed="A-Z0-9-"),
)
LINE1 = (
    f'line 1 of the delivery address (line 1): "{STREET}", it holds at most 30, and this has 43 characters'
)


def long_order(street: str = STREET, po_number: str = "PO-77") -> Order:
    to = Party(first_name="Ada", address=Address(line1=street))
    return structs.replace(order("6994", line(ship_to=to)), po_number=po_number)


def ruled(bench: Bench, **rules: Any) -> Bench:
    given = structs.replace(bench.subscriber.orders, **rules)
    changed = structs.replace(bench.subscriber, orders=given, version=bench.subscriber.version + 1)
    return structs.replace(bench, subscriber=changed)


async def look(bench: Bench, shown: Order | None = None, **rules: Any) -> Bench:
    bench.mis.limits = LIMITS
    changed = ruled(bench, **rules)
    await bench.installation.store.subscribers.save([changed.subscriber])
    bench.shop.orders["6994"] = shown or long_order()
    await ask_to_look(changed, "6994")
    await settle(changed)
    return changed


def received(bench: Bench) -> OrderRequest:
    [prepared] = bench.mis.received
    return msgspec.json.decode(prepared.payload, type=OrderRequest)


async def reason(bench: Bench) -> str:
    [row] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return row.reason


async def test_what_does_not_fit_waits_for_a_person_and_goes_once_it_is_mended(bench: Bench) -> None:
    await look(bench)
    assert (await states(bench), bench.mis.received) == (["refused"], [])
    assert LINE1 in await reason(bench)
    assert "the setting orders.too_long" in await reason(bench)
    told = len(await bench.installation.store.ledger.history("northfield", "6994"))
    bench.clock.now += 60
    await look(bench)
    assert len(await bench.installation.store.ledger.history("northfield", "6994")) == told, "it is told once"
    await look(bench, long_order("Suite 12"))
    assert await states(bench) == ["accepted"]


async def test_it_goes_once_the_rule_says_how(bench: Bench) -> None:
    await look(bench)
    assert await states(bench) == ["refused"]
    await look(bench, too_long="shorten")
    assert await states(bench) == ["accepted"]


async def test_a_preview_tells_it_with_the_value(bench: Bench) -> None:
    waiting = await look(bench)
    [shown] = await preview_order(waiting.installation, waiting.subscriber, "6994")
    assert LINE1 in shown.reason
    shortening = ruled(bench, too_long="shorten")
    [shown] = await preview_order(shortening.installation, shortening.subscriber, "6994")
    assert shown.reason == ""
    assert any(STREET in text and "is shortened" in text for text in shown.differences)


async def test_what_is_shortened_stands_in_the_order_s_story_and_evidence(bench: Bench) -> None:
    changed = await look(bench, long_order(po_number="po 77 \u00fc A-1"), too_long="shorten")
    assert received(bench).order.lines[0].ship_to.address.line1 == STREET[:30].rstrip()
    assert (received(bench).order.po_number, received(bench).note) == ("77A-1", "")
    story = await order_story(changed.installation, "northfield", "6994")
    assert story is not None
    told = " ".join(story.sent[0].differences)
    assert STREET in told
    said = 'PO number "po 77 \u00fc A-1" is shortened to "77A-1" for mis: it cannot hold the characters "po \u00fc"'
    assert said in told
    evidence = await order_evidence(changed.installation, "northfield", "6994")
    assert "is shortened to" in msgspec.json.encode(evidence).decode()


async def test_the_whole_text_stands_in_the_note(bench: Bench) -> None:
    await look(bench, too_long="wait", mis_too_long={"mis": "note"})
    assert received(bench).note == f"Line 1 of the delivery address (line 1): {STREET}"


async def test_another_mis_has_another_rule(bench: Bench) -> None:
    await look(bench, too_long="shorten", mis_too_long={"mis": "wait"})
    assert bench.mis.received == []


async def test_what_is_missing_cannot_be_shortened(bench: Bench) -> None:
    bench.mis.limits = (Limit(member="cost_centre", required=True),)
    rules = OrderRules(too_long="shorten")
    request = OrderRequest(key="6994-1", order=long_order(), product_ids=("2284",))
    changed = structs.replace(bench.subscriber, orders=rules)
    why = why_too_long(changed, "mis", bench.mis.limits, request)
    assert "cost centre: nothing, it must be given" in why


async def test_an_attempt_after_a_doubt_has_the_same_bytes(bench: Bench) -> None:
    bench.mis.trouble = [OutcomeUnknown("No answer.")]
    bench.mis.find = lambda key: FindResult(certain=True)
    await look(bench, too_long="note")
    bench.clock.now += 3600
    await settle(bench)
    payloads = {one.payload for one in bench.mis.received}
    assert len(payloads) == 1


def test_a_limit_that_is_none_is_refused() -> None:
    for wrong in ({"member": "colour"}, {"member": "po_number", "longest": -1}):
        with pytest.raises(ValueError, match=r"colour|-1"):
            Limit(**wrong)


members: Mapping[str, str] = {**ORDER_MEMBERS, **LINE_MEMBERS}
limits = st.builds(
    Limit,
    member=st.sampled_from(sorted(members)),
    longest=st.integers(0, 12),
    allowed=st.sampled_from(["", "A-Za-z0-9 ", "0-9", r"\w"]),
)


@given(
    st.lists(limits, max_size=6, unique_by=lambda one: one.member),
    st.text(max_size=20),
    st.sampled_from(["shorten", "note"]),
)
def test_whatever_is_given_fits_or_waits_and_nothing_is_cut_in_silence(
    declared: list[Limit], text: str, rule: Any
) -> None:
    subscriber = Subscriber(
        name="n", title="N", external_user_id=117, environment="test", orders=OrderRules(too_long=rule)
    )
    to = Party(first_name=text, business=text, address=Address(line1=text, postcode=text))
    given = structs.replace(
        order("6994", line(1, ship_to=to, description=text), line(2, ship_to=to, description=text)),
        po_number=text,
        bill_to=to,
    )
    request = OrderRequest(key="6994", order=given, product_ids=("1", "2"))
    if why_too_long(subscriber, "mis", declared, request):
        return
    fitting, told = shortened(subscriber, "mis", declared, request)
    assert shortened(subscriber, "mis", declared, fitting) == (fitting, ())
    assert (fitting == request) == (told == ())
    assert shortened(subscriber, "mis", declared, request) == (fitting, told)
    assert rule == "shorten" or not told or text in fitting.note
