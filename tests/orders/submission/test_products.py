"""A part number that begins as ours may name a product that the MIS does not have: nothing of it is sent."""

import msgspec
from makeready.orders import decisions
from makeready.orders.views.preview import preview_order
from makeready.subscribers.setup import install
from makeready_hooks.errors import NotSupported, RetryLater
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from pretend import SITE, Bench, line, order
from steps import ask_to_look, settle, states


async def send(bench: Bench, *part_numbers: str) -> None:
    lines = [line(number, part_number=part) for number, part in enumerate(part_numbers, 1)]
    bench.shop.orders["6994"] = order("6994", *lines)
    await ask_to_look(bench, "6994")
    await settle(bench)


async def test_a_product_that_the_mis_does_not_have_waits_for_a_person_with_the_ways_out(
    bench: Bench,
) -> None:
    await send(bench, "117-2284", "117-9999")
    assert await states(bench) == ["accepted", "refused"]
    found = await bench.installation.store.ledger.of_order("northfield", "6994")
    assert found[1].reason.startswith("The MIS has no product 9999.")
    assert "Correct the part number in the shop, or make or link the product" in found[1].reason
    [sent, wrong] = await preview_order(bench.installation, bench.subscriber, "6994")
    assert sent.payload
    assert wrong.reason.startswith("The MIS has no product 9999.")


async def test_it_goes_once_the_mis_has_it_and_somebody_sends_it_again(bench: Bench) -> None:
    await send(bench, "117-9999")
    made = msgspec.structs.replace(bench.mis.products["2284"], id="9999")
    bench.mis.products["9999"] = made
    decision = decisions.Decision(subscriber="northfield", key="6994-1", actor="mia")
    await decisions.send_again(bench.installation, decision)
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def test_the_mis_is_asked_once_for_each_product(bench: Bench) -> None:
    for number in ("1", "2", "3"):
        bench.shop.orders[number] = order(number)
        await ask_to_look(bench, number)
        await settle(bench)
    assert bench.mis.products_asked == [("2284",)]


async def test_a_linked_product_is_not_asked_for(bench: Bench) -> None:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    wish = ImportRequest(site=SITE, product_ids=("4107",), groups=("Everyone",), workflow="MIS transfer")
    await import_now(bench.installation, bench.subscriber, wish)
    await settle(bench)
    bench.mis.products_asked.clear()
    await send(bench, "117-4107", "117-2284")
    assert await states(bench) == ["accepted", "accepted"]
    assert bench.mis.products_asked == [("2284",)]


async def test_an_mis_that_is_away_costs_delay_only(bench: Bench) -> None:
    bench.mis.products_trouble = [RetryLater("down", after_s=60)]
    await send(bench, "117-2284")
    assert await states(bench) == ["ready"]
    bench.clock.now += 61
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def test_an_mis_that_cannot_be_asked_gets_the_order(bench: Bench) -> None:
    bench.mis.products_trouble = [NotSupported("no such call")]
    await send(bench, "117-9999")
    assert await states(bench) == ["accepted"]
