import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.stores import Store
from makeready_admin.home.store import Traffic

CALLS, PER_S, AHEAD_S = 10, 10.0, 1.0


async def take(store: Store, now: float, host: str = "shop.example") -> float:
    at, _ = await store.call_slots.take(host, now=now, calls=CALLS, per_s=PER_S, wanted=1)
    return at


async def test_as_many_calls_as_the_vendor_allows_go_at_once_and_the_next_waits(store: Store) -> None:
    moments = [await take(store, 100.0) for _ in range(CALLS + 1)]
    assert moments == [100.0] * CALLS + [110.0]


async def test_hosts_do_not_share_a_budget(store: Store) -> None:
    for _ in range(CALLS):
        await take(store, 100.0)
    assert await take(store, 100.0, "other.example") == 100.0


async def test_after_the_window_there_is_room_again(store: Store) -> None:
    for _ in range(CALLS):
        await take(store, 100.0)
    assert await take(store, 110.5) == 110.5


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 15), st.integers(0, 3)), min_size=11, max_size=60))
async def test_no_window_ever_holds_more_calls_than_allowed(asked: list[tuple[float, int, int]]) -> None:
    """Those that were taken ahead begin at the last moment at which they may: the next window is the fullest then."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "test.db")
        now, moments = 1000.0, list[float]()
        for pause, wanted, ahead in asked:
            now += pause / 10
            given = {"now": now, "calls": CALLS, "per_s": PER_S, "wanted": wanted, "ahead": ahead}
            at, taken = await store.call_slots.take("shop.example", **given, until=now + AHEAD_S)
            assert 1 <= taken <= wanted + ahead
            moments += [at] * min(taken, wanted) + [now + AHEAD_S] * max(0, taken - wanted)
        store.close()
    moments.sort()
    for first, after in zip(moments, moments[CALLS:], strict=False):
        assert after - first >= PER_S - 1e-6


async def test_the_fullest_window_of_each_hour_is_remembered(store: Store) -> None:
    for now in (100.0, 105.0, 107.0, 130.0, 3700.0):
        await take(store, now)
    peaks = await Traffic(store.database).peaks(["shop.example", "other.example"], 0)
    assert [(one.hour, one.peak, one.most) for one in peaks] == [(0, 3, CALLS), (1, 1, CALLS)]
    await store.call_slots.take("shop.example", now=3705.0, calls=5, per_s=PER_S, wanted=1)
    [_, last] = await Traffic(store.database).peaks(["shop.example"], 0)
    assert (last.peak, last.most) == (2, 5), "a limit that was changed holds at once"
