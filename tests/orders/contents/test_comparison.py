"""What the buyer saw, what was read and what the MIS gets are compared; a difference beyond a cent a line is told."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from connector_strategies import order_requests
from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.contents.comparison import compare
from makeready.orders.model import OrderAsSent
from makeready.orders.views.history import order_story
from makeready.orders.views.preview import preview_order
from makeready_hooks.model.order import Order, OrderLine, OrderTotals
from makeready_hooks.model.submission import MisLine, OrderContents, OrderRequest, PreparedOrder
from makeready_inspect.evidence import as_document, order_evidence
from makeready_inspect.rehearse import rehearse
from pretend import Bench, line, order
from steps import ask_to_look, settle

AGREED = OrderTotals(
    subtotal=Decimal(50), discount=Decimal(10), shipping=Decimal(7), tax=Decimal(9), total=Decimal(56)
)
ITEM = line(
    net=Decimal(50),
    discount=Decimal(10),
    shipping_net=Decimal(7),
    tax=Decimal(8),
    shipping_tax=Decimal(1),
)
SENT = OrderContents(
    lines=(MisLine(product_id="2284", quantity=2),),
    total=Decimal(40),
    shipping=Decimal(7),
    tax=Decimal(9),
)


def shown(totals: OrderTotals = AGREED, *lines: OrderLine) -> Order:
    return msgspec.structs.replace(order("6994", *(lines or (ITEM,))), totals=totals)


def found(whole: Order, contents: OrderContents, *lines: OrderLine) -> list[str]:
    sent = lines or whole.lines
    request = OrderRequest(
        key="6994-1",
        order=msgspec.structs.replace(whole, lines=sent),
        product_ids=("2284",) * len(sent),
    )
    return list(compare(whole, request, PreparedOrder(key="6994-1", payload=b"", contents=contents)))


def test_nothing_is_told_where_all_agree_or_nothing_is_known() -> None:
    assert found(shown(), SENT) == []
    assert found(shown(OrderTotals()), OrderContents()) == []
    after = msgspec.structs.replace(AGREED, subtotal=Decimal(40))  # some shops show it after the discount
    assert found(shown(after), SENT) == []


@pytest.mark.parametrize(
    ("totals", "told"),
    [
        (
            {"total": Decimal("56.02")},
            "The shop shows a total of 56.02; the lines, less the discount, with shipping and tax, add up to 56.",
        ),
        ({"subtotal": Decimal(45)}, "The shop shows a subtotal of 45; the lines add up to 50."),
    ],
)
def test_the_shop_s_totals_are_compared_with_its_lines(totals: dict[str, Any], told: str) -> None:
    assert found(shown(msgspec.structs.replace(AGREED, **totals)), SENT) == [told]


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ({"total": Decimal(50)}, "The buyer pays 40 for these lines; the MIS gets 50."),
        ({"shipping": Decimal(0)}, "The buyer pays 7 for their shipping; the MIS gets 0."),
        ({"tax": Decimal(8)}, "The buyer pays 9 of their tax, with that of the shipping; the MIS gets 8."),
        (
            {"lines": (MisLine(product_id="2284", quantity=1),)},
            "The lines are 2 of 2284; the MIS gets 1 of 2284.",
        ),
    ],
)
def test_what_is_read_is_compared_with_what_is_sent(contents: dict[str, Any], told: str) -> None:
    assert found(shown(), msgspec.structs.replace(SENT, **contents)) == [told]


@given(st.integers(1, 9), st.sampled_from([-1, 1]))
def test_a_cent_a_line_is_rounding_and_more_is_not(count: int, sign: int) -> None:
    lines = [line(number, net=Decimal(10)) for number in range(1, count + 1)]
    exact = Decimal(10) * count
    close, far = (OrderTotals(total=exact + sign * Decimal("0.01") * n) for n in (count, count + 1))
    assert found(shown(close, *lines), OrderContents()) == []
    assert len(found(shown(far, *lines), OrderContents())) == 1


def test_only_the_lines_that_go_are_compared_with_what_is_sent() -> None:
    one, two = line(1, net=Decimal(30)), line(2, net=Decimal(20))
    whole = shown(OrderTotals(total=Decimal(50)), one, two)
    assert found(whole, OrderContents(total=Decimal(30)), one) == []


@given(order_requests())
def test_a_mapping_that_is_right_is_never_told_of(request: Any) -> None:
    lines = request.order.lines
    contents = OrderContents(
        lines=tuple(
            MisLine(product_id=product, quantity=one.quantity)
            for one, product in zip(lines, request.product_ids, strict=True)
        )
    )
    assert compare(request.order, request, PreparedOrder(key="k", payload=b"", contents=contents)) == ()


PERIOD = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))
WRONG = "The buyer pays 40 for these lines; the MIS gets 50."


async def test_a_difference_stands_in_preview_rehearsal_story_and_evidence(bench: Bench) -> None:
    bench.mis.contents = msgspec.structs.replace(SENT, total=Decimal(50))
    bench.shop.orders["6994"] = shown()
    [preview] = await preview_order(bench.installation, bench.subscriber, "6994")
    assert preview.differences == (WRONG,)
    played = await rehearse(bench.installation, bench.subscriber, *PERIOD)
    assert [one.money for one in played.lines] == [(WRONG,)]
    await ask_to_look(bench, "6994")
    await settle(bench)
    story = await order_story(bench.installation, "northfield", "6994")
    assert story is not None
    assert [one.differences for one in story.sent] == [(WRONG,)]
    evidence = await order_evidence(bench.installation, "northfield", "6994")
    assert evidence is not None
    assert [one.text for one in evidence.entries if one.kind == "compared"] == [WRONG]
    assert WRONG in as_document(evidence)


async def test_what_stands_there_is_what_was_so_when_it_left(bench: Bench) -> None:
    bench.mis.contents = SENT
    bench.shop.orders["6994"] = shown()
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6994"] = shown(msgspec.structs.replace(AGREED, total=Decimal(99)))
    await ask_to_look(bench, "6994")
    await settle(bench)
    kept = await bench.installation.store.ledger.order_as_sent("northfield", "6994-1")
    assert kept is not None
    assert kept == OrderAsSent(order=kept.order, contents=SENT, differences=())
    assert kept.order.totals == AGREED
