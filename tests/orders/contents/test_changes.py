"""What the shop changes of an order after it was sent: told member by member, once, and gone when it is as before."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from connector_strategies import order_requests
from hypothesis import given
from makeready.orders.contents.changes import OF_LINE, values_of
from makeready_hooks.model.order import Address, Order, OrderLine, Party
from pretend import STAGE, Bench, line, order
from steps import ask_to_look, settle

HOME = Party(
    first_name="Ada",
    last_name="Fairfax",
    address=Address(line1="1 Main Street", city="Leeds", postcode="LS1 1AA", country="United Kingdom"),
)
MOVED = msgspec.structs.replace(
    HOME, address=msgspec.structs.replace(HOME.address, line1="99 Other Road", city="York")
)


async def send(bench: Bench, sent: Order) -> None:
    bench.shop.orders["6994"] = sent
    await ask_to_look(bench, "6994")
    await settle(bench)


async def notices(bench: Bench, shown: Order) -> list[str]:
    await send(bench, shown)
    return [one.notice for one in await bench.installation.store.ledger.of_order("northfield", "6994")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"ship_to": MOVED},
            "delivery address line 1 1 Main Street became 99 Other Road, delivery city Leeds became York",
        ),
        ({"net": Decimal(60)}, "price 50 became 60"),
        ({"discount": Decimal(5)}, "discount 0 became 5"),
        ({"required_on": date(2026, 3, 12)}, "required date 2026-03-09 became 2026-03-12"),
        ({"required_on": None}, "required date 2026-03-09 became (none)"),
        ({"options": "Paper: Silk"}, "options (none) became Paper: Silk"),
        ({"shipping_method": "Courier"}, "way of shipping (none) became Courier"),
        ({"notes": "Ring first"}, "notes (none) became Ring first"),
        ({"quantity": 5, "pack_size": 10}, "quantity 2 became 50"),
        ({"denied": True, "net": Decimal(60)}, "denied in the shop, price 50 became 60"),
    ],
)
async def test_a_change_is_told_with_what_it_was_and_is(
    bench: Bench, change: dict[str, Any], told: str
) -> None:
    await send(bench, order("6994", line(ship_to=HOME)))
    changed = line(**{"ship_to": HOME, **change})
    assert await notices(bench, order("6994", changed)) == [f"after it was sent: {told}"]
    waiting = await bench.installation.store.attention.counts("northfield")
    assert waiting.noticed == 1
    assert await notices(bench, order("6994", line(ship_to=HOME))) == [""]
    assert len(bench.mis.received) == 1


async def test_what_is_the_whole_order_s_is_told_once_for_each_order_of_the_mis(bench: Bench) -> None:
    def shown(**changes: Any) -> Order:
        return msgspec.structs.replace(order("6994", line(1), line(2)), **changes)

    rules = msgspec.structs.replace(bench.subscriber.orders, grouping="order")
    changed = msgspec.structs.replace(bench.subscriber, orders=rules)
    await bench.installation.store.subscribers.save([changed])
    await send(bench, shown(po_number="PO-1"))
    told = await notices(bench, shown(po_number="PO-2", bill_to=Party(first_name="Bob")))
    text = "after it was sent: PO number PO-1 became PO-2, invoice first name Ada became Bob"
    assert told == [text, ""]


async def test_a_line_that_comes_later_and_a_stage_are_no_changes(bench: Bench) -> None:
    await send(bench, order("6994", line(1)))
    assert await notices(bench, order("6994", line(1, stage="Printing"), line(2))) == ["", ""]
    assert [one.key for one in bench.mis.received] == ["6994-1", "6994-2"]


async def test_what_is_sent_again_is_compared_with_what_was_sent_last(bench: Bench) -> None:
    await send(bench, order("6994", line(net=Decimal(0), stage=STAGE)))
    assert await notices(bench, order("6994", line(net=Decimal(70)))) == [""]
    assert await notices(bench, order("6994", line(net=Decimal(71)))) == [
        "after it was sent: price 70 became 71"
    ]


@given(order_requests())
def test_what_was_sent_is_kept_whole(request: Any) -> None:
    kept = msgspec.json.decode(msgspec.json.encode(request.order), type=Order)
    assert list(values_of(kept)) == list(values_of(request.order))


def test_every_member_of_a_line_is_compared_or_left_out_on_purpose() -> None:
    """A new member of the contract fails here until somebody has said which it is."""
    left_out = {
        "number", "id", "product_id", "quantity", "pack_size", "contradiction", "approved", "denied", "cancelled",
        "stage_id", "stage", "workflow_id", "chosen", "files", "files_follow", "mis_number", "parts", "ship_to", "carriage",
    }  # fmt: skip
    members = set(OrderLine.__struct_fields__)
    assert members - left_out - set(OF_LINE) == set()
