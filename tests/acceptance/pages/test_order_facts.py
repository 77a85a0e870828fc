"""What the buyer told with an order stands on its page: PO number, ship date, payment, cost centre."""

from browser import Browser
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, settle

AT = "/subscribers/northfield/orders/7001"


async def test_what_the_buyer_told_is_seen_before_an_order_is_sent_and_after(
    mia: Browser, bench: Bench
) -> None:
    told = {"po_number": "PO <7>", "payment_method": "On account", "cost_centre": "Museum shop"}
    bench.shop.orders["7001"] = replace(order("7001", line(approved=False)), **told)
    await ask_to_look(bench, "7001")
    await settle(bench)
    words = (
        "PO number PO <7> ; order number in the shop 7001 ; requested ship date 2026-03-09 ; "
        "payment method On account ; cost centre Museum shop"
    )
    assert "PO number" not in (await mia.get(AT)).text, "it is not kept before it leaves"
    page = await mia.get(f"{AT}/preview?part=yes")
    assert words in page.text
    bench.shop.orders["7001"] = replace(order("7001"), **told)
    await ask_to_look(bench, "7001")
    await settle(bench)
    assert words in (await mia.get(AT)).text
    bench.shop.orders["7002"] = order("7002")
    await ask_to_look(bench, "7002")
    await settle(bench)
    assert "PO number" not in (await mia.get(AT.replace("7001", "7002"))).text
