"""What people decide about orders that wait for them."""

import pytest
from makeready.orders import by_hand, decisions
from makeready.orders.decisions import Decision
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

WHO = Decision(subscriber="northfield", key="6994-1", actor="ada")


async def refused(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [Refused("Customer NORTH01 is on stop.")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["refused"]


async def parked(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.clock.now += 1000
    await settle(bench)
    assert await states(bench) == ["parked"]


async def last_move(bench: Bench) -> tuple[str, str, str]:
    row = (await bench.installation.store.ledger.history("northfield", "6994"))[-1]
    return row.to_state, row.cause, row.actor


async def test_a_refused_line_is_mapped_anew_and_sent_again(bench: Bench) -> None:
    await refused(bench)
    bench.shop.orders["6994"] = order("6994", line(quantity=5))
    await decisions.send_again(bench.installation, WHO)
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert b'"quantity":5' in bench.mis.received[0].payload


async def test_a_parked_line_is_sent_again_with_the_same_bytes(bench: Bench) -> None:
    await parked(bench)
    bench.shop.orders["6994"] = order("6994", line(quantity=5))
    await decisions.send_again(bench.installation, WHO)
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert bench.mis.received[0].payload == bench.mis.received[1].payload


async def test_a_parked_line_is_accepted_under_the_number_that_a_person_found(bench: Bench) -> None:
    await parked(bench)
    await by_hand.accept_as(bench.installation, WHO, "SO-77")
    await settle(bench)
    assert await last_move(bench) == (
        "accepted",
        "a person says that it is in the MIS as SO-77, which nobody could check",
        "ada",
    )
    assert bench.shop.marks == {("6994", 1): "SO-77"}
    assert len(bench.mis.received) == 1


async def test_a_line_that_a_person_ignores_stays_so_whatever_the_shop_shows(bench: Bench) -> None:
    await refused(bench)
    await decisions.ignore(bench.installation, WHO, "made by hand")
    assert await last_move(bench) == ("ignored", "made by hand", "ada")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["ignored"]
    assert bench.mis.received == []


async def test_what_does_not_wait_for_a_person_cannot_be_decided(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    for decide in (
        decisions.send_again(bench.installation, WHO),
        by_hand.accept_as(bench.installation, WHO, "SO-1"),
        decisions.ignore(bench.installation, WHO, "no"),
    ):
        with pytest.raises(Refused, match="6994-1 is accepted"):
            await decide
    assert len(bench.mis.received) == 1


async def test_a_submission_that_does_not_exist_is_named(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="There is no submission 6994-1"):
        await decisions.send_again(bench.installation, WHO)
