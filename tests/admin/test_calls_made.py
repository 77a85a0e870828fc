"""Calls that were made, as they are looked at: the pages together are what a filter asks for."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.outbound.model import CallRow
from makeready.stores import Store
from makeready_admin.activity.store import Activity, CallFilter, CallPosition
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Fate, Odds
from noted import call

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
