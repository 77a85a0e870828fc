"""Calls that are kept: what the rules do not keep goes."""

import msgspec
from makeready.outbound import store as store_calls
from makeready.outbound.model import CallRules
from makeready.outbound.store import Calls
from makeready_admin.activity.store import Activity, CallFilter
from noted import call
from pretend import Bench


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
