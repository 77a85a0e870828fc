"""What the buyer told with an order stands on its page: PO number, ship date, payment, cost centre; and its files."""

import re

from browser import Browser
from makeready.engine.model import NewWork
from makeready.orders.artwork.model import LATE_FILES
from makeready_hooks.model.order import Artwork, FileRole, FileWay, TakenFile
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
    told_now = (
        "PO number PO <7> Invoice to Ada Wanted by 2026-03-09 Payment On account Cost centre Museum shop"
    )
    assert told_now in (await mia.get(AT)).text, "the shop is asked for what is not kept before it leaves"
    page = await mia.get(f"{AT}/preview?part=yes")
    assert words in page.text
    bench.shop.orders["7001"] = replace(order("7001"), **told)
    await ask_to_look(bench, "7001")
    await settle(bench)
    reads = len(bench.shop.reads)
    assert told_now in (await mia.get(AT)).text
    assert len(bench.shop.reads) == reads, "what has left is kept"
    bench.shop.orders["7002"] = order("7002")
    await ask_to_look(bench, "7002")
    await settle(bench)
    assert "PO number" not in (await mia.get(AT.replace("7001", "7002"))).text


async def test_files_that_stay_behind_and_older_ones_in_the_mis_are_told_on_the_pages(
    mia: Browser, bench: Bench
) -> None:
    rules = replace(bench.subscriber.orders, file_hosts=("files.example",))
    await bench.installation.store.subscribers.save([replace(bench.subscriber, orders=rules)])
    bench.mis.taken = (TakenFile(role=FileRole.ARTWORK, ways=(FileWay.ADDRESS, FileWay.UPLOAD)),)
    card, newer = (Artwork(file_name="card.pdf", url=f"http://[/{n}") for n in (1, 2))
    slip = Artwork(file_name="slip.pdf", url="https://files.example/2", role=FileRole.DELIVERY_NOTE)
    bench.shop.orders["7001"] = order("7001", line(files=(card, slip)))
    refusal = "The MIS takes no delivery notes from here. Give it the file by hand if it needs it."
    assert f"Line 1, slip.pdf: {refusal}" in _words((await mia.get(f"{AT}/preview?part=yes")).text)
    await ask_to_look(bench, "7001")
    await settle(bench)
    assert f"slip.pdf Show it delivery note 1 stays behind {refusal}" in _words((await mia.get(AT)).text)
    assert "slip.pdf" not in (await mia.get("/subscribers/northfield/inbox")).text, "nobody has to act"
    stored = await bench.installation.subscriber("northfield")
    stored = replace(stored, orders=replace(rules, file_hosts=()))
    await bench.installation.store.subscribers.save([stored])
    bench.shop.orders["7001"] = order("7001", line(files=(newer, slip)))
    work = NewWork(subscriber="northfield", kind=LATE_FILES, key="7001", due_at=bench.clock())
    await bench.installation.store.work.add([work])
    await settle(bench)
    for path in (AT, "/subscribers/northfield/inbox"):
        assert (
            "The MIS has the older file card.pdf, and nothing can be put in its place from here."
            in _words((await mia.get(path)).text)
        )


def _words(page: str) -> str:
    """As people read them."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())
