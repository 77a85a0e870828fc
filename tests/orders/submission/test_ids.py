"""The MIS's own ids are found, or made, in a step before the mapping; they are kept with what was sent."""

import msgspec
import pytest
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready_hooks.errors import OutcomeUnknown, Refused
from makeready_hooks.model.submission import OrderRequest, ResolvedId
from makeready_inspect.evidence import order_evidence
from msgspec.structs import replace
from pretend import Bench, order
from steps import ask_to_look, settle, states

ADA = ResolvedId(kind="customer", id="C/1", text="found by the id ADA")


@pytest.fixture
def known(bench: Bench) -> Bench:
    bench.mis.customers = {}
    placed = order("6994")
    bench.shop.orders["6994"] = replace(placed, buyer=replace(placed.buyer, external_id="ADA"))
    return bench


async def carry(bench: Bench) -> None:
    await ask_to_look(bench, "6994")
    await settle(bench)


async def test_a_customer_is_made_once_and_its_id_goes_into_the_order_and_the_evidence(known: Bench) -> None:
    await carry(known)
    assert known.mis.customers == {"ADA": "C/1"}
    [sent] = known.mis.received
    assert msgspec.json.decode(sent.payload, type=OrderRequest).resolved == (ADA,)
    story = await order_story(known.installation, "northfield", "6994")
    assert story is not None
    assert [one.resolved for one in story.sent] == [(ADA,)]
    evidence = await order_evidence(known.installation, "northfield", "6994")
    assert evidence is not None
    assert "customer C/1 in the MIS: found by the id ADA" in [one.text for one in evidence.entries]


async def test_a_preview_makes_nothing(known: Bench) -> None:
    [preview] = await preview_order(known.installation, known.subscriber, "6994")
    assert msgspec.json.decode(preview.payload, type=OrderRequest).resolved == ()
    assert known.mis.customers == {}


async def test_a_customer_that_may_have_been_made_is_looked_for_again_and_nothing_was_sent(
    known: Bench,
) -> None:
    known.mis.resolve_trouble = [OutcomeUnknown("the connection was cut")]
    await carry(known)
    assert (await states(known), known.mis.received) == (["ready"], [])
    known.clock.now += 89  # the call may still make it
    await settle(known)
    assert await states(known) == ["ready"]
    known.clock.now += 2
    await settle(known)
    assert await states(known) == ["accepted"]


async def test_a_customer_that_no_rule_finds_is_a_refusal_for_people(known: Bench) -> None:
    known.mis.resolve_trouble = [
        Refused("The MIS has no customer ADA.", fix="Make it there, then send again.")
    ]
    await carry(known)
    assert (await states(known), known.mis.received) == (["refused"], [])


async def test_orders_that_a_new_customer_places_together_make_the_customer_once(bench: Bench) -> None:
    bench.mis.customers = {}
    numbers = [str(number) for number in range(6994, 7000)]
    bench.shop.orders |= {number: order(number) for number in numbers}
    await ask_to_look(bench, *numbers)
    await settle(bench)
    assert [await states(bench, number) for number in numbers] == [["accepted"]] * 6
    assert bench.mis.made == ["nobody"]
