"""Calls that are kept: the pages together are what a filter asks for, and what the rules do not keep goes."""

import math
from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.outbound import store as store_calls
from makeready.outbound.model import CallRow, CallRules
from makeready.outbound.store import Calls
from makeready.prices.latency import bucket_of, quantile
from makeready.stores import Store
from makeready_admin.activity.store import Activity, CallFilter, CallPosition
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Fate, Odds
from noted import call
from pretend import Bench

some_calls = st.lists(
    st.builds(
        call,
        at=st.integers(1, 5).map(float),
        subscriber=st.sampled_from(["northfield", "southgate"]),
        connector=st.sampled_from(["shop", "mis"]),
        status=st.sampled_from([0, 200, 404]),
        error=st.just(""),
        ms=st.sampled_from([1.0, 2000.0]),
    ),
    max_size=25,
)
filters = st.builds(
    CallFilter,
    connector=st.sampled_from(["", "shop"]),
    failed=st.booleans(),
    slower_ms=st.sampled_from([0.0, 1500.0]),
    start=st.sampled_from([None, 2.0]),
    end=st.sampled_from([None, 4.0]),
)


def fits(one: CallRow, wanted: CallFilter) -> bool:
    return (
        one.subscriber == "northfield"
        and wanted.connector in ("", one.connector)
        and (one.failed or not wanted.failed)
        and one.ms >= wanted.slower_ms
        and (wanted.start is None or one.at >= wanted.start)
        and (wanted.end is None or one.at < wanted.end)
    )


@settings(max_examples=60)
@given(some_calls, filters, st.integers(1, 4))
async def test_the_pages_together_are_all_that_fits_the_newest_first(
    made: list[CallRow], wanted: CallFilter, size: int
) -> None:
    fate = Fate(0, Odds())
    fate.quiet = True
    store = Store(MortalDatabase(fate))
    await store.calls.keep(made)
    seen, after = [], None
    while page := await Activity(store.database).calls("northfield", wanted, limit=size, after=after):
        assert len(seen) < len(made), "a page comes again"
        seen += page
        after = CallPosition(page[-1].at, page[-1].id)
    store.close()
    expected = [one for one in made if fits(one, wanted)]
    assert Counter(one.at for one in seen) == Counter(one.at for one in expected)
    assert len({one.id for one in seen}) == len(seen)
    assert [one.at for one in seen] == sorted((one.at for one in seen), reverse=True)


async def test_no_more_is_kept_than_the_rules_of_the_company_say(bench: Bench, monkeypatch) -> None:
    monkeypatch.setattr(store_calls, "LOOK_EVERY", 10)
    rules = CallRules(keep=1000, keep_days=1)
    store = bench.installation.store
    await store.subscribers.save([msgspec.structs.replace(bench.subscriber, calls=rules)])
    calls, made = Calls(store.database, store.subscribers.call_rules), Activity(store.database)
    now = 1_000_000.0
    await calls.keep([call(now - 90_000 + number) for number in range(5)])
    await calls.keep([call(now + number) for number in range(1200)])
    await calls.keep([call(now, subscriber="southgate")])
    kept = await made.calls("northfield", CallFilter(), limit=5000)
    assert (len(kept), kept[0].at, kept[-1].at) == (1000, now + 1199, now + 200)
    assert len(await made.calls("southgate", CallFilter(), limit=10)) == 1
    await calls.keep([call(now + 87_000)] * 11)
    kept = await made.calls("northfield", CallFilter(), limit=5000)
    assert min(one.at for one in kept) > now + 600


@given(st.lists(st.floats(0.01, 20_000), min_size=1, max_size=200), st.sampled_from([0.5, 0.95]))
def test_a_quantile_from_buckets_is_near_the_true_one(times: list[float], share: float) -> None:
    counts = Counter(bucket_of(ms) for ms in times)
    true = sorted(times)[math.ceil(share * len(times)) - 1]
    found = quantile(counts, share)
    assert found is not None
    assert bucket_of(found) <= bucket_of(true) <= bucket_of(found) + 1 or true <= 0.5


def test_nothing_was_asked() -> None:
    assert quantile({}, 0.95) is None
