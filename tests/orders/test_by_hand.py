"""*It is in the MIS*: looked up and compared before anything is kept, and taken back without anything being sent."""

from decimal import Decimal

import pytest
from makeready.orders import by_hand, decisions
from makeready.orders.decisions import Decision
from makeready.orders.model import RESOLVE
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.submission import MisLine, MisOrder, OrderContents
from msgspec.structs import replace
from pretend import Bench, order
from steps import ask_to_look, settle, states

WHO = Decision(subscriber="northfield", key="6994-1", actor="ada")
THEIRS = OrderContents(customer="SOUTH", lines=(MisLine(product_id="2284", quantity=9),), total=Decimal(7))


async def refused(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [Refused("Customer NORTH01 is on stop.")]
    await ask_to_look(bench, "6994")
    await settle(bench)


async def in_doubt(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["in_doubt"]


def shows(bench: Bench, *numbers: str, contents: OrderContents = THEIRS) -> None:
    bench.mis.numbered = {one: MisOrder(id=f"id-{one}", number=one, contents=contents) for one in numbers}


async def accept(bench: Bench, number: str, *, unseen: bool = False) -> None:
    await by_hand.accept_as(bench.installation, WHO, number, unseen=unseen)
    await settle(bench)


async def reason(bench: Bench) -> str:
    [line] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return line.reason


async def causes(bench: Bench) -> list[str]:
    return [row.cause for row in await bench.installation.store.ledger.history("northfield", "6994")]


async def test_what_the_mis_shows_stands_beside_ours_with_the_differences(bench: Bench) -> None:
    await refused(bench)
    shows(bench, "SO-7")
    ours = OrderContents(customer="NORTH01", lines=(MisLine(product_id="2284", quantity=2),))
    bench.mis.contents = ours
    found = await by_hand.compare_with_mis(bench.installation, WHO, " SO-7 ")
    assert (found.ours, found.found and found.found.contents) == (ours, THEIRS)
    assert found.differences == ("customer SOUTH, not NORTH01", "lines 9 of 2284, not 2 of 2284")
    assert await states(bench) == ["refused"], "nothing is kept by looking"


async def test_ours_is_told_by_its_lines_where_the_shop_is_away(bench: Bench) -> None:
    await refused(bench)
    shows(bench, "SO-7")
    bench.shop.away = RetryLater("Away.")
    found = await by_hand.compare_with_mis(bench.installation, WHO, "SO-7")
    assert found.ours == OrderContents(lines=(MisLine(product_id="2284", quantity=2),))


async def test_a_number_of_another_order_of_ours_is_told(bench: Bench) -> None:
    bench.shop.orders["6990"] = order("6990")
    await ask_to_look(bench, "6990")
    await settle(bench)
    await refused(bench)
    shows(bench, "SO-1")
    found = await by_hand.compare_with_mis(bench.installation, WHO, "SO-1")
    assert "SO-1 is what 6990-1 of order 6990 is called in the MIS" in found.differences


@pytest.mark.parametrize("typed", ["yes it is", "", "  ", "SO\t7", "7" * 65, "SO-7\x00"])
@pytest.mark.parametrize("can_be_asked", [True, False])
async def test_what_can_be_no_number_is_refused_and_nothing_is_written(
    bench: Bench, typed: str, can_be_asked: bool
) -> None:
    await refused(bench)
    if can_be_asked:
        shows(bench, "SO-7")
    for unseen in (False, True):
        with pytest.raises(ConfigError, match="can be no number") as caught:
            await accept(bench, typed, unseen=unseen)
        assert caught.value.field == "mis_number"
    assert (await states(bench), bench.shop.marks) == (["refused"], {})


async def test_a_number_that_the_mis_does_not_show_needs_an_express_word(bench: Bench) -> None:
    await refused(bench)
    shows(bench, "SO-7")
    with pytest.raises(Refused, match="The MIS shows no order SO-9"):
        await accept(bench, "SO-9")
    assert await states(bench) == ["refused"]
    await accept(bench, "SO-9", unseen=True)
    assert await states(bench) == ["accepted"]
    assert "which the MIS does not show" in (await causes(bench))[-1]


@pytest.mark.parametrize("typed", ["so-7", "ID-SO-7"])
async def test_other_capitals_are_a_suggestion_and_never_taken(bench: Bench, typed: str) -> None:
    await refused(bench)
    order_ = MisOrder(id="id-so-7", number="SO-7")
    bench.mis.numbered = {"SO-7": order_, "id-so-7": order_}
    found = await by_hand.compare_with_mis(bench.installation, WHO, typed)
    assert (found.found, found.alike) == (None, "SO-7")
    for unseen in (False, True):
        with pytest.raises(Refused, match=f"shows no order {typed}, but SO-7"):
            await accept(bench, typed, unseen=unseen)
    await accept(bench, "SO-7")
    assert bench.shop.marks == {("6994", 1): "SO-7"}


async def test_where_the_mis_cannot_be_asked_the_history_says_that_nobody_could_check(bench: Bench) -> None:
    await refused(bench)
    found = await by_hand.compare_with_mis(bench.installation, WHO, "SO-7")
    assert not found.asked
    await accept(bench, "SO-7")
    assert "which nobody could check" in (await causes(bench))[-1]


async def test_what_may_still_arrive_is_decided_about_afterwards(bench: Bench) -> None:
    await in_doubt(bench)
    shows(bench, "SO-7")
    with pytest.raises(Refused, match="may still arrive in the MIS until"):
        await accept(bench, "SO-7")
    assert await states(bench) == ["in_doubt"]


async def test_taken_back_it_is_refused_as_before_under_its_own_key_and_the_mark_goes(bench: Bench) -> None:
    await refused(bench)
    shows(bench, "SO-7")
    await accept(bench, "SO-7")
    assert bench.shop.marks == {("6994", 1): "SO-7"}
    await by_hand.take_back(bench.installation, WHO)
    await settle(bench)
    assert (await states(bench), bench.shop.marks, bench.mis.received) == (["refused"], {}, [])
    assert "Customer NORTH01 is on stop." in await reason(bench)
    assert (await causes(bench))[-1] == "SO-7 is taken off the shop's items"
    await decisions.send_again(bench.installation, WHO)
    await settle(bench)
    assert (await states(bench), [one.key for one in bench.mis.received]) == (["accepted"], ["6994-1"])
    assert bench.shop.marks == {("6994", 1): "SO-1"}


async def test_taken_back_it_is_parked_as_before_and_sent_with_the_same_bytes_only(bench: Bench) -> None:
    await in_doubt(bench)
    bench.clock.now += 1000
    await settle(bench)
    assert await states(bench) == ["parked"]
    await accept(bench, "SO-7")
    await by_hand.take_back(bench.installation, WHO)
    for _ in range(3):
        bench.clock.now += 4000
        await ask_to_look(bench, "6994")
        await settle(bench)
    assert (await states(bench), len(bench.mis.received)) == (["parked"], 1), "nothing goes by itself"
    await decisions.send_again(bench.installation, WHO)
    await settle(bench)
    first, second = bench.mis.received
    assert (first.key, first.payload) == (second.key, second.payload)


async def test_a_refusal_of_what_the_shop_gives_does_not_go_by_itself_once_it_was_taken_back(
    bench: Bench,
) -> None:
    """Whoever was wrong about the number may have entered it in the MIS all the same."""
    [line] = order("6994").lines
    bench.shop.orders["6994"] = replace(order("6994"), lines=(replace(line, net=None),))
    await ask_to_look(bench, "6994")
    await settle(bench)
    await accept(bench, "SO-7")
    await by_hand.take_back(bench.installation, WHO)
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (await states(bench), bench.mis.received) == (["refused"], [])


async def test_accepted_again_under_another_number_the_mark_is_replaced(bench: Bench) -> None:
    await refused(bench)
    shows(bench, "SO-7", "SO-8")
    await accept(bench, "SO-7")
    await by_hand.take_back(bench.installation, WHO)
    await accept(bench, "SO-8")
    assert (await states(bench), bench.shop.marks) == (["accepted"], {("6994", 1): "SO-8"})
    await by_hand.take_back(bench.installation, WHO)
    await settle(bench)
    assert (await states(bench), bench.shop.marks) == (["refused"], {})


@pytest.mark.parametrize("why", ["cannot", "refused"])
async def test_a_mark_that_cannot_be_taken_off_is_told_with_what_to_do(bench: Bench, why: str) -> None:
    await refused(bench)
    await accept(bench, "SO-7")
    bench.shop.clears = why != "cannot"
    bench.shop.clear_trouble = [Refused("Read only.")] if why == "refused" else []
    await by_hand.take_back(bench.installation, WHO)
    await settle(bench)
    assert "delete it there by hand" in (await causes(bench))[-1]
    assert await states(bench) == ["refused"]


async def test_a_number_that_somebody_else_has_written_meanwhile_stays(bench: Bench) -> None:
    await refused(bench)
    await accept(bench, "SO-7")
    bench.shop.marks["6994", 1] = "SO-99"
    await by_hand.take_back(bench.installation, WHO)
    await settle(bench)
    assert bench.shop.marks == {("6994", 1): "SO-99"}


async def test_what_the_mis_took_from_us_cannot_be_taken_back(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    with pytest.raises(Refused, match="accepted by the MIS, not by a person"):
        await by_hand.take_back(bench.installation, WHO)
    assert await states(bench) == ["accepted"]


async def test_it_is_taken_back_once(bench: Bench) -> None:
    await refused(bench)
    with pytest.raises(Refused):
        await by_hand.take_back(bench.installation, WHO)
    await accept(bench, "SO-7")
    await by_hand.take_back(bench.installation, WHO)
    with pytest.raises(Refused):
        await by_hand.take_back(bench.installation, WHO)
    assert await bench.installation.store.work.waiting("northfield", RESOLVE) == 0
