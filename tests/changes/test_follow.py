"""What a shop tells by a cursor is looked at: each change once, none missed, whatever breaks between."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.engine.model import NewWork
from makeready.orders.model import FETCH_ORDER, RECONCILE
from makeready.work import add_schedules
from makeready_changes.follow import EVERY_S, READ_CHANGES
from makeready_changes.store import cursors_of
from makeready_hooks import Capability
from makeready_hooks.errors import RetryLater
from makeready_hooks.model.event import Change, Event, EventKind
from pretend import Bench, Clock, Shop, line, new_bench, order
from steps import settle, states


@pytest.fixture
def telling(bench: Bench) -> Bench:
    bench.shop.can |= {Capability.CHANGES}
    return bench


def changed(number: str, count: int = 1, kind: EventKind = EventKind.ORDER) -> Change:
    event = Event(kind=kind, name="changed", order_number=number)
    return Change(id=f"{number} {count}", event=event)


async def read(bench: Bench, after_s: float = EVERY_S) -> None:
    """The next reading is due, and everything that it asks for is done."""
    bench.clock.now += after_s
    work = NewWork(subscriber="northfield", kind=READ_CHANGES, key="", due_at=bench.clock())
    await bench.installation.store.work.add([work])
    await settle(bench)


async def test_an_order_that_changed_is_looked_at_and_sent(telling: Bench) -> None:
    await read(telling)
    telling.shop.orders["6994"] = order("6994", line())
    telling.shop.changes.append(changed("6994"))
    await read(telling)
    assert await states(telling, "6994") == ["accepted"]


async def test_the_first_reading_takes_nothing_of_before(telling: Bench) -> None:
    telling.shop.orders["6994"] = order("6994", line())
    telling.shop.changes.append(changed("6994"))
    await read(telling)
    assert (telling.shop.cursors, await states(telling, "6994")) == ([""], [])


async def test_each_change_is_kept_once_although_it_is_read_with_overlap(telling: Bench) -> None:
    await read(telling)
    telling.shop.orders["6994"] = order("6994", line())
    telling.shop.changes += [changed("6994", count) for count in range(1, 6)]
    for _ in range(3):
        await read(telling)
    assert telling.shop.cursors == ["", "0", "2", "4", "0", "2", "4", "5"]
    assert len(await telling.installation.store.inbox.of_order("northfield", "6994")) == 5


async def test_what_the_shop_shows_late_is_not_missed(telling: Bench) -> None:
    """Its number is lower than that of one which was read already."""
    await read(telling)
    telling.shop.orders |= {number: order(number, line()) for number in ("6994", "6995")}
    telling.shop.changes.append(changed("6995"))
    await read(telling)
    telling.shop.changes.insert(0, changed("6994"))
    await read(telling)
    assert await states(telling, "6994") == await states(telling, "6995") == ["accepted"]


async def test_a_cursor_that_is_not_known_any_more_begins_anew_and_has_the_period_compared(
    telling: Bench,
) -> None:
    telling.clock.now = datetime(2026, 3, 2, 9, 20, tzinfo=UTC).timestamp()
    await read(telling)
    telling.shop.orders["6994"] = order("6994", line())
    telling.shop.changes += [changed("6994"), changed("6994", 2)]
    await read(telling)
    await read(telling)
    telling.shop.orders["6995"] = order("6995", line())
    telling.shop.changes.clear()
    await read(telling)
    assert await states(telling, "6995") == ["accepted"], "the comparison found it"
    cursor = await cursors_of(telling.installation).of("northfield", "shop")
    assert cursor is not None
    assert cursor.latest == "0"


async def test_a_shop_that_is_away_is_asked_again_from_the_same_place(telling: Bench) -> None:
    await read(telling)
    telling.shop.orders["6994"] = order("6994", line())
    telling.shop.changes.append(changed("6994"))
    telling.shop.away = RetryLater("The shop is away.")
    await read(telling)
    telling.shop.away = None
    await read(telling)
    assert await states(telling, "6994") == ["accepted"]


async def test_another_account_begins_with_its_own_now(telling: Bench) -> None:
    telling.shop.changes += [changed("6994"), changed("6995")]
    await read(telling)
    before = await cursors_of(telling.installation).of("northfield", "shop")
    assert before is not None
    telling.shop.cursors.clear()
    await cursors_of(telling.installation).keep(
        "northfield", "shop", type(before)(far_end="live port 9", latest="1"), at=0
    )
    await read(telling)
    assert telling.shop.cursors == [""]


async def test_a_shop_that_tells_none_is_not_asked(bench: Bench) -> None:
    await read(bench)
    assert bench.shop.cursors == []
    assert READ_CHANGES not in await bench.installation.store.work.due_kinds(bench.clock() + 2 * EVERY_S)


async def test_the_twin_s_cursor_is_its_own(telling: Bench) -> None:
    await read(telling)
    assert await cursors_of(telling.installation).of("southfield", "shop") is None


@settings(max_examples=20, deadline=None)
@given(groups=st.lists(st.integers(0, 7), min_size=1, max_size=5), away=st.sets(st.integers(0, 5)))
async def test_none_is_missed_and_none_is_kept_twice(
    tmp_path_factory: pytest.TempPathFactory, groups: list[int], away: set[int]
) -> None:
    shop = Shop()
    shop.can |= {Capability.CHANGES}
    bench = new_bench(tmp_path_factory.mktemp("changes"), Clock(), shop)
    await bench.installation.store.subscribers.save([bench.subscriber])
    try:
        await read(bench)
        for turn, count in enumerate(groups):
            shop.changes += [changed(f"{turn}", one) for one in range(count)]
            shop.away = RetryLater("The shop is away.") if turn in away else None
            await read(bench)
        shop.away = None
        await read(bench)
        inbox = bench.installation.store.inbox
        kept = [len(await inbox.of_order("northfield", f"{turn}")) for turn in range(len(groups))]
        assert kept == groups
    finally:
        await bench.installation.aclose()


async def test_what_a_new_extension_does_on_schedule_begins_at_the_next_start(bench: Bench) -> None:
    later = bench.clock() + 500
    asked = NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=later)
    await bench.installation.store.work.add([asked])
    await add_schedules(bench.installation)
    found = await bench.installation.store.work.due_kinds(bench.clock())
    assert READ_CHANGES in found
    assert RECONCILE not in found, "what is asked for already stays as it is"
    assert FETCH_ORDER not in found
