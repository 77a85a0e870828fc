import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.model import KnownLine, LineState
from makeready.orders.rules import decide_lines
from makeready.orders.settings import OrderRules
from makeready.products.part_numbers import (
    engine_product_id,
    part_number,
    product_of_part_number,
    readings,
)
from makeready.subscribers.model import Subscriber
from makeready_imports.numbering import url_name
from pretend import SITE, STAGE, line, order

SUBSCRIBER = Subscriber(
    name="northfield",
    title="Northfield",
    external_user_id=117,
    environment="test",
    orders=OrderRules(trigger_stage=STAGE, site_trigger_stages={"trade.example": "Prepress"}),
)


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({}, LineState.READY, ""),
        ({"stage": STAGE.upper()}, LineState.READY, ""),
        ({"stage": f" {STAGE.lower()} "}, LineState.READY, ""),
        ({"approved": False}, LineState.WAITING, "approval"),
        ({"stage": "Order Received"}, LineState.WAITING, "it is at Order Received"),
        ({"approved": False, "stage": "Order Received"}, LineState.WAITING, "approval"),
        ({"denied": True}, LineState.CANCELLED, "denied"),
        ({"denied": True, "approved": True}, LineState.CANCELLED, "denied"),
        ({"part_number": "NF-CARD"}, LineState.IGNORED, "NF-CARD is not a product of the MIS"),
        ({"part_number": ""}, LineState.IGNORED, "(none)"),
        ({"quantity": 0}, LineState.IGNORED, "its quantity is 0"),
        ({"part_number": "118-2284"}, LineState.IGNORED, "118-2284"),
        ({"mis_number": "SO-1"}, LineState.IGNORED, "already carries the MIS number SO-1"),
    ],
)
def test_a_line_goes_when_it_is_ours_approved_and_at_the_stage(changes, state, reason) -> None:
    [decision] = decide_lines(SUBSCRIBER, order("6994", line(**changes)), {})
    assert decision.state is state
    assert reason in decision.reason


def test_a_mixed_cart_sends_only_the_items_of_the_mis() -> None:
    decisions = decide_lines(SUBSCRIBER, order("6994", line(1), line(2, part_number="NF-CARD"), line(3)), {})
    assert [one.submission for one in decisions] == ["6994-1", "", "6994-3"]


def test_a_site_can_have_a_stage_of_its_own() -> None:
    assert SUBSCRIBER.orders.stage_for("trade.example") == "Prepress"
    assert SUBSCRIBER.orders.stage_for(SITE) == STAGE


TOGETHER = msgspec.structs.replace(SUBSCRIBER, orders=OrderRules(trigger_stage=STAGE, grouping="order"))


def test_lines_go_together_once_every_one_is_decided_and_at_the_stage() -> None:
    decisions = decide_lines(
        TOGETHER, order("6994", line(1), line(2), line(3, denied=True), line(4, part_number="X")), {}
    )
    assert [one.submission for one in decisions] == ["6994", "6994", "", ""]


@pytest.mark.parametrize("undecided", [{"approved": False}, {"stage": "Prepress"}])
def test_lines_wait_for_the_rest_of_their_order(undecided) -> None:
    decisions = decide_lines(TOGETHER, order("6994", line(1), line(2, **undecided)), {})
    assert [one.state for one in decisions] == [LineState.WAITING, LineState.WAITING]
    assert decisions[0].reason == "waits for the rest of the order: line 2"


def has_left(key: str) -> KnownLine:
    return KnownLine(submission=key, left=True)


def test_a_line_that_comes_late_is_a_supplement_with_its_own_key() -> None:
    late = decide_lines(
        TOGETHER, order("6994", line(1), line(2), line(3)), {1: has_left("6994"), 2: has_left("6994")}
    )
    assert [one.submission for one in late] == ["6994", "6994", "6994-S2"]
    known = {1: has_left("6994"), 3: has_left("6994-S2")}
    later = decide_lines(TOGETHER, order("6994", line(1), line(3), line(4)), known)
    assert [one.submission for one in later] == ["6994", "6994-S2", "6994-S3"]


def test_a_line_that_comes_before_the_others_have_left_goes_with_them() -> None:
    known = {1: KnownLine(submission="6994")}
    decisions = decide_lines(TOGETHER, order("6994", line(1), line(2)), known)
    assert [one.submission for one in decisions] == ["6994", "6994"]


def test_a_key_that_has_left_is_not_given_again() -> None:
    known = {1: has_left("6994"), 3: has_left("6994-S3")}
    decisions = decide_lines(TOGETHER, order("6994", line(1), line(2), line(3)), known)
    assert [one.submission for one in decisions] == ["6994", "6994-S4", "6994-S3"]


def test_lines_that_have_not_left_wait_again_when_one_of_them_does() -> None:
    known = {number: KnownLine(submission="6994") for number in (1, 2)}
    decisions = decide_lines(TOGETHER, order("6994", line(1), line(2, approved=False)), known)
    assert [one.state for one in decisions] == [LineState.WAITING, LineState.WAITING]


def test_what_a_person_has_put_aside_is_not_waited_for() -> None:
    known = {2: KnownLine(decided_by_person=True)}
    decisions = decide_lines(TOGETHER, order("6994", line(1), line(2, approved=False)), known)
    assert decisions[0].state is LineState.READY


@pytest.mark.parametrize("subscriber", [SUBSCRIBER, TOGETHER])
@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"approved": False}, LineState.READY),
        ({"stage": "In Production"}, LineState.READY),
        ({"denied": True}, LineState.CANCELLED),
        ({"mis_number": "SO-1"}, LineState.IGNORED),
    ],
)
def test_a_line_that_has_left_once_stays_decided_unless_it_is_denied(subscriber, changes, state) -> None:
    [decision] = decide_lines(subscriber, order("6994", line(**changes)), {1: has_left("6994-1")})
    assert decision.state is state


def test_a_site_can_be_grouped_otherwise() -> None:
    rules = OrderRules(trigger_stage=STAGE, grouping="order", site_groupings={SITE: "line"})
    one = msgspec.structs.replace(SUBSCRIBER, orders=rules)
    assert [decision.submission for decision in decide_lines(one, order("6994", line(1), line(2)), {})] == [
        "6994-1",
        "6994-2",
    ]


ids = st.text("0123456789", min_size=1, max_size=9)
sites = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,6}){1,2}", fullmatch=True)


@given(ids, sites)
def test_what_is_made_at_import_is_understood_in_orders_and_price_calls(product_id: str, site: str) -> None:
    assert product_of_part_number(SUBSCRIBER, part_number(SUBSCRIBER, product_id)) == product_id
    [link] = readings(SUBSCRIBER, engine_product_id(SUBSCRIBER, product_id, site), [site])
    assert (link.product_id, link.site) == (product_id, site)


@given(ids, ids, st.text(max_size=60), st.text(max_size=60))
def test_two_products_never_share_a_url_name(one: str, other: str, name: str, other_name: str) -> None:
    made = url_name(one, name)
    assert all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in made)
    assert (made == url_name(other, other_name)) <= (one == other)
