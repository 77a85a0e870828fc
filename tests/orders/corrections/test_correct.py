"""Values of a rejected order are corrected here: sent once with them, beside what the shop shows, for that order alone."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.corrections.correct import correct_and_send, find_correctable
from makeready.orders.corrections.model import CUSTOMER, Correction
from makeready.orders.corrections.rules import correctable, corrected, told
from makeready.orders.decisions import Decision
from makeready.orders.views.history import order_story
from makeready_hooks.errors import ConfigError, Refused
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.order import Address, Order, OrderLine, Party
from msgspec import structs
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

WHO = Decision(subscriber="northfield", key="6994-1", actor="mia")
STREET = "ship_to.address.line1"


def sent(bench: Bench, key: str = "6994-1") -> tuple[str, str, str]:
    """Customer, purchase order and street as the MIS got them last."""
    [*_, payload] = [one.payload for one in bench.mis.received if one.key == key]
    request: dict[str, Any] = json.loads(payload)
    shown = request["order"]
    return request["customer"], shown["po_number"], shown["lines"][0]["ship_to"]["address"]["line1"]


def with_po(number: str, *lines: OrderLine, po: str) -> Order:
    return structs.replace(order(number, *lines), po_number=po)


async def rejected(bench: Bench, number: str = "6994") -> None:
    bench.shop.orders[number] = order(number, line(ship_to=Party(address=Address(line1="1 Quay Street"))))
    bench.mis.before_effect = [Refused("The customer is on stop.")]
    await ask_to_look(bench, number)
    await settle(bench)
    assert await states(bench, number) == ["refused"]


async def value(bench: Bench, member: str, number: int = 0) -> Correction:
    found = await find_correctable(bench.installation, WHO)
    values = correctable(found.order, found.mis, found.corrections)
    return next(one for one in values if (one.member, one.line) == (member, number))


async def correct(bench: Bench, **values: str) -> None:
    """By member; those of line 1 begin with ``line_``."""
    wanted = []
    for name, text in values.items():
        member, number = name.removeprefix("line_").replace("__", "."), int(name.startswith("line_"))
        shown = await value(bench, member, number)
        wanted.append(Correction(line=number, member=member, mis=shown.mis, was=shown.was, value=text))
    await correct_and_send(bench.installation, WHO, wanted)


async def test_the_mis_gets_what_was_corrected_and_the_shop_s_value_stays_beside_it(bench: Bench) -> None:
    await rejected(bench)
    shown = await value(bench, STREET, 1)
    await correct(bench, customer="ALEY7", po_number="PO-77", line_ship_to__address__line1="Unit 5")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert sent(bench) == ("ALEY7", "PO-77", "Unit 5")
    story = await order_story(bench.installation, "northfield", "6994")
    assert story is not None
    [one] = story.sent
    assert 'Customer code "ALEY7": corrected by mia.' in one.differences
    assert (
        f'Line 1 of the delivery address "Unit 5" instead of "{shown.was}": corrected by mia.'
        in one.differences
    )
    assert any("a person has corrected it (Customer code, PO number" in row.cause for row in story.history)
    assert all(not one.notice for one in story.lines), "what was sent is compared with what the shop shows"


async def test_the_next_order_goes_as_the_shop_shows_it(bench: Bench) -> None:
    await rejected(bench)
    await correct(bench, customer="ALEY7", po_number="PO-77")
    bench.shop.orders["6995"] = order("6995")
    await ask_to_look(bench, "6995")
    await settle(bench)
    assert sent(bench)[:2] == ("ALEY7", "PO-77")
    assert sent(bench, "6995-1")[:2] == ("", order("6995").po_number)


async def test_what_the_mis_cannot_hold_goes_once_it_is_corrected(bench: Bench) -> None:
    bench.mis.limits = (Limit(member=STREET, longest=3),)
    bench.shop.orders["6994"] = order("6994", line(ship_to=Party(address=Address(line1="Unit 5"))))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["refused"]
    assert bench.mis.received == []
    await correct(bench, line_ship_to__address__line1="5")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert sent(bench)[2] == "5"
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (await states(bench), len(bench.mis.received)) == (["accepted"], 1)


async def test_a_correction_ends_when_the_shop_shows_something_else(bench: Bench) -> None:
    await rejected(bench)
    bench.mis.before_effect = [Refused("Still on stop.")]
    await correct(bench, po_number="PO-77")
    await settle(bench)
    assert await states(bench) == ["refused"]
    assert (await value(bench, "po_number")).value == "PO-77"
    bench.shop.orders["6994"] = with_po("6994", po="PO-9")
    await correct(bench, customer="ALEY7")
    await settle(bench)
    assert sent(bench)[:2] == ("ALEY7", "PO-9")


async def test_it_is_taken_away_by_the_shop_s_own_value(bench: Bench) -> None:
    await rejected(bench)
    bench.mis.before_effect = [Refused("Still on stop.")]
    await correct(bench, po_number="PO-77")
    await settle(bench)
    shown = await value(bench, "po_number")
    await correct(bench, po_number=shown.was)
    await settle(bench)
    assert sent(bench)[1] == shown.was
    assert await bench.installation.store.corrections.of("northfield", "6994") == []


async def test_what_was_seen_of_the_shop_must_still_be_so(bench: Bench) -> None:
    await rejected(bench)
    stale = Correction(member="po_number", was="PO-1 of last week", value="PO-77")
    with pytest.raises(Refused, match="the shop shows"):
        await correct_and_send(bench.installation, WHO, [stale])
    for bad in (
        Correction(member="totals", value="1"),
        Correction(member="po_number", value="two\nlines"),
        Correction(member="po_number", value="x" * 1001),
        Correction(line=7, member=STREET, value="5"),
    ):
        with pytest.raises(ConfigError):
            await correct_and_send(bench.installation, WHO, [bad])
    assert await states(bench) == ["refused"]
    assert await bench.installation.store.corrections.of("northfield", "6994") == []


async def test_what_was_not_rejected_is_not_corrected(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    with pytest.raises(Refused, match="was not rejected"):
        await find_correctable(bench.installation, WHO)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_correction_changes_its_value_alone_and_only_while_it_holds(was: str, now: str, text: str) -> None:
    shown = with_po("6994", line(1), line(2), po=now)
    one = Correction(member="po_number", was=was, value=text, actor="mia")
    changed = corrected(shown, [one])
    assert changed.po_number == (text if was == now else now)
    assert corrected(changed, [Correction(member="po_number", was=changed.po_number, value=now)]) == shown
    assert len(told(shown, [one])) == 1
    other = Correction(line=2, member=STREET, was=shown.lines[1].ship_to.address.line1, value=text)
    assert corrected(shown, [other]).lines[0] == shown.lines[0]
    assert corrected(shown, [other]).lines[1].ship_to.address.line1 == text
    assert corrected(shown, [Correction(member=CUSTOMER, mis="mis", value=text)]) == shown
