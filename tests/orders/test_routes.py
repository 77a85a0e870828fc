"""Two MIS in one company: each line goes to the one that makes it, and only that one is asked about it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from makeready.engine.model import NewWork
from makeready.orders.fulfilment.model import PROGRESS, StatusRules
from makeready.orders.views.preview import preview_order
from makeready.products.routes import RouteRules, Routes
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.order import OrderPart
from makeready_hooks.model.submission import FindResult, MisOrder
from msgspec import structs
from pretend import SITE, Bench, Mis, line, order
from steps import ask_to_look, settle, states

BOTH = RouteRules(products={"4107": "press"}, fallback="mis")
KIT, BAG = {"part_number": "117-2284"}, {"part_number": "117-4107"}


async def under(bench: Bench, routes: RouteRules = BOTH, **orders: Any) -> None:
    """These routes and rules of orders are in force."""
    rules = structs.replace(bench.subscriber.orders, **orders)
    changed = structs.replace(
        bench.subscriber, routes=routes, orders=rules, version=bench.subscriber.version + 1
    )
    await bench.installation.store.subscribers.save([changed])


async def arrive(bench: Bench, *lines: Any, number: str = "6994") -> None:
    bench.shop.orders[number] = order(number, *lines)
    await ask_to_look(bench, number)
    await settle(bench)


def keys(mis: Mis) -> list[str]:
    return [one.key for one in mis.received]


async def test_an_order_is_split_between_the_two_that_make_its_lines(bench: Bench, press: Mis) -> None:
    await under(bench)
    await arrive(bench, line(1, **KIT), line(2, **BAG))
    assert (keys(bench.mis), keys(press)) == (["6994-1"], ["6994-2"])
    assert await states(bench) == ["accepted", "accepted"]
    where = [
        await bench.installation.store.ledger.submission("northfield", key) for key in ("6994-1", "6994-2")
    ]
    assert [one.connector for one in where if one] == ["mis", "press"]


async def test_lines_that_go_together_go_together_to_each(bench: Bench, press: Mis) -> None:
    await under(bench, grouping="order")
    await arrive(bench, line(1, **KIT), line(2, **BAG), line(3, **KIT), line(4, **BAG))
    assert (keys(bench.mis), keys(press)) == (["6994"], ["6994-S2"])
    lines = await bench.installation.store.ledger.of_order("northfield", "6994")
    assert [one.submission for one in lines] == ["6994", "6994-S2", "6994", "6994-S2"]


async def test_one_waits_for_no_line_of_the_other(bench: Bench, press: Mis) -> None:
    await under(bench, grouping="order")
    await arrive(bench, line(1, approved=False, **KIT), line(2, **BAG))
    assert (keys(bench.mis), keys(press)) == ([], ["6994"])
    await arrive(bench, line(1, **KIT), line(2, **BAG))
    assert (keys(bench.mis), keys(press)) == (["6994-S2"], ["6994"])


async def test_without_a_route_a_line_waits_for_a_person_and_goes_once_there_is_one(
    bench: Bench, press: Mis
) -> None:
    await under(bench, RouteRules(products={"4107": "press"}))
    await arrive(bench, line(1, **KIT), line(2, **BAG))
    assert await states(bench) == ["refused", "accepted"]
    [refused] = [
        one for one in await bench.installation.store.ledger.of_order("northfield", "6994") if one.line == 1
    ]
    assert "no route says which MIS makes product 2284: mis, press" in refused.reason
    await under(bench)
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (keys(bench.mis), keys(press)) == (["6994-1"], ["6994-2"])


async def test_the_link_of_a_product_is_the_first_word(bench: Bench, press: Mis) -> None:
    await linked(bench, "2284", "press")
    await under(bench)
    await arrive(bench, line(1, **KIT))
    assert (keys(bench.mis), keys(press)) == ([], ["6994-1"])


async def linked(bench: Bench, product_id: str, mis: str) -> None:
    """As an import would."""

    def change(db: Any) -> None:
        db.execute(
            """insert into product_links (subscriber, site, product_id, job, mis, part_number, url_name,
                shop_product_id, before, tried_at, linked_at) values ('northfield', ?, ?, 1, ?, '', '', '', '', 1, 1)""",
            [SITE, product_id, mis],
        )

    await bench.installation.store.database.write(change)


async def test_a_doubt_is_asked_of_the_one_that_may_have_it(bench: Bench, press: Mis) -> None:
    """The other one says *certainly not there*, and is not believed, since it is not asked."""
    await under(bench)
    await arrive(bench, line(1, **BAG), number="6000")
    await arrive(bench, line(1, **KIT), number="6001")
    for mis, key in ((press, "6000-1"), (bench.mis, "6001-1")):  # each finds what it has: believed
        mis.shown[key] = FindResult(order=MisOrder(id="1", number="SO-1"))
        mis.find = lambda key: FindResult(certain=True)
    press.trouble = [OutcomeUnknown("cut")]
    await arrive(bench, line(1, **BAG))
    assert await states(bench) == ["in_doubt"]
    press.shown["6994-1"] = FindResult(order=MisOrder(id="2", number="SO-2"))
    bench.clock.now += 200
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert (keys(bench.mis), keys(press)) == (["6001-1"], ["6000-1", "6994-1"])


async def test_a_change_of_the_route_sends_nothing_a_second_time(bench: Bench, press: Mis) -> None:
    await under(bench)
    press.trouble = [OutcomeUnknown("cut")]
    await arrive(bench, line(1, **BAG))
    await under(bench, RouteRules(fallback="mis"))
    press.find = lambda key: FindResult(certain=True)
    press.shown["6994-1"] = FindResult(order=MisOrder(id="1", number="SO-1"))
    bench.clock.now += 200
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert (keys(bench.mis), keys(press)) == ([], ["6994-1"])


async def test_a_route_that_changes_before_anything_left_parts_what_went_together(
    bench: Bench, press: Mis
) -> None:
    await under(bench, RouteRules(fallback="mis"), grouping="order")
    bench.shop.orders["6994"] = order("6994", line(1, **KIT), line(2, **BAG))
    await ask_to_look(bench, "6994")
    bench.mis.before_effect = [RetryLater("away")]
    await settle(bench)
    assert await states(bench) == ["ready", "ready"]
    await under(bench, grouping="order")
    await ask_to_look(bench, "6994")
    for _ in range(2):
        bench.clock.now += 200
        await settle(bench)
    assert await states(bench) == ["accepted", "accepted"]
    assert sorted((*keys(bench.mis), *keys(press))) == ["6994", "6994-S2"]


async def test_the_parts_of_a_kit_that_two_make_wait_for_a_person(bench: Bench, press: Mis) -> None:
    await under(bench)
    parts = tuple(
        OrderPart(part_number=f"117-{one}", description=one, quantity=1) for one in ("2284", "4107")
    )
    await arrive(bench, line(1, part_number="KIT-1", parts=parts))
    [refused] = await bench.installation.store.ledger.of_order("northfield", "6994")
    assert refused.state == "refused"
    assert "its parts are made by mis and press, and a kit goes to one" in refused.reason
    assert (keys(bench.mis), keys(press)) == ([], [])


async def test_progress_is_asked_of_each_about_its_own(bench: Bench, press: Mis) -> None:
    """Both call their order SO-1."""
    await under(bench)
    status = StatusRules(enabled=True, stages={"Printing": "Press"})
    await bench.installation.store.subscribers.save(
        [structs.replace(await bench.installation.subscriber("northfield"), status=status, version=9)]
    )
    await arrive(bench, line(1, **KIT), line(2, **BAG))
    bench.mis.progress = {"SO-1": ("Received", ())}
    press.progress = {"SO-1": ("Printing", ())}
    work = NewWork(subscriber="northfield", kind=PROGRESS, key="", due_at=bench.clock())
    await bench.installation.store.work.add([work])
    await settle(bench)
    told = [await bench.installation.store.progress.of_key("northfield", key) for key in ("6994-1", "6994-2")]
    assert [one.lines[0].status for one in told if one] == ["Received", "Printing"]


async def test_a_word_of_one_is_about_its_own_order(bench: Bench, press: Mis) -> None:
    await under(bench)
    await arrive(bench, line(1, **KIT), line(2, **BAG))
    found = [
        await bench.installation.store.ledger.find("northfield", "SO-1", mis) for mis in ("mis", "press")
    ]
    assert [one.key for one in found if one] == ["6994-1", "6994-2"]


async def test_a_preview_says_which_mis_gets_what(bench: Bench, press: Mis) -> None:
    await under(bench)
    bench.shop.orders["6994"] = order("6994", line(1, **KIT), line(2, **BAG))
    subscriber = await bench.installation.subscriber("northfield")
    shown = await preview_order(bench.installation, subscriber, "6994")
    assert [(one.key, one.mis) for one in shown] == [("6994-1", "mis"), ("6994-2", "press")]


NAMES = st.sampled_from(("mis", "press", "gone"))


@given(
    st.dictionaries(st.sampled_from(("A*", "*", "AB*", "ABC")), NAMES),
    st.dictionaries(st.sampled_from((SITE, "other.example")), NAMES),
    st.sampled_from(("", "mis", "press", "gone")),
    st.sampled_from(("", "mis", "press", "gone")),
)
def test_the_nearest_word_counts_of_those_that_name_an_mis_of_the_company(
    products: dict[str, str], sites: dict[str, str], fallback: str, link: str
) -> None:
    rules = RouteRules(products=products, sites=sites, fallback=fallback)
    routes = Routes(names=("mis", "press"), rules=rules, linked={(SITE, "ABC"): link} if link else {})
    words = [
        link,
        *(products.get(one, "") for one in ("ABC", "AB*", "A*", "*")),
        sites.get(SITE, ""),
        fallback,
    ]
    assert routes.mis_of(SITE, "ABC") == next((one for one in words if one in routes.names), "")
