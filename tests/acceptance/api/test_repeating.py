"""Calls of the JSON API with an idempotency key: the same call again is one call."""

from api import DAY, NORTHFIELD, Api, refused, token
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_hooks.errors import RetryLater
from pretend import Bench
from steps import states


async def test_the_same_key_and_call_are_done_once_and_answered_the_same(bench: Bench, api: Api) -> None:
    await refused(bench, "6994")
    path, key = f"{NORTHFIELD}/submissions/6994-1/send-again", {"Idempotency-Key": "k1"}
    first = await api.post(path, **key)
    assert await api.post(path, **key) == first
    problem = await api.post(path, 409, **{"Idempotency-Key": "k2"})
    assert await api.post(path, 409, **{"Idempotency-Key": "k2"}) == problem
    history = await bench.installation.store.ledger.history("northfield", "6994")
    assert [row.to_state for row in history if row.actor == "ada"] == ["ready"]
    other = api.as_(await token(bench, "other"))
    await other.post(path, 409, **key)


async def test_the_same_key_for_another_call_is_refused(bench: Bench, api: Api) -> None:
    await refused(bench, "6994", "6995")
    at, key = f"{NORTHFIELD}/submissions", {"Idempotency-Key": "k1"}
    await api.post(f"{at}/6994-1/ignore", body={"reason": "made by hand"}, **key)
    assert (await api.post(f"{at}/6994-1/ignore", 422, {"reason": "other"}, **key))["field"] == (
        "Idempotency-Key"
    )
    await api.post(f"{at}/6995-1/ignore", 422, {"reason": "made by hand"}, **key)
    assert await states(bench, "6995") == ["refused"]
    await api.post(f"{at}/6995-1/ignore", 422, {"reason": "x"}, **{"Idempotency-Key": "k" * 256})


async def test_a_key_is_forgotten_after_a_day(bench: Bench, api: Api) -> None:
    await refused(bench, "6994")
    path, key = f"{NORTHFIELD}/submissions/6994-1/send-again", {"Idempotency-Key": "k1"}
    await api.post(path, **key)
    bench.clock.now += DAY - 1
    await api.post(path, **key)
    bench.clock.now += 2
    await api.post(path, 409, **key)


async def test_what_was_not_understood_or_is_our_trouble_may_be_tried_again_with_its_key(
    bench: Bench, api: Api
) -> None:
    await refused(bench, "6994")
    key = {"Idempotency-Key": "k1"}
    path = f"{NORTHFIELD}/submissions/6994-1/ignore"
    await api.post(path, 422, {}, **key)
    await api.post(path, 200, {"reason": "made by hand"}, **key)
    bench.shop.away = RetryLater("The shop is away.")
    path, key = f"{NORTHFIELD}/reconcile", {"Idempotency-Key": "k2"}
    await api.post(path, 503, {"from": "2026-03-01"}, **key)
    bench.shop.away = None
    await api.post(path, 200, {"from": "2026-03-01"}, **key)


async def test_a_call_that_is_under_way_is_not_made_twice(bench: Bench, api: Api) -> None:
    await refused(bench, "6994")
    path, key = f"{NORTHFIELD}/submissions/6994-1/send-again", {"Idempotency-Key": "k1"}
    await api.post(path, **key)
    store = bench.installation.store.answers
    made = await store.begin("ada", "k1", "", now=bench.clock())
    await store.begin("ada", "k2", made.fingerprint, now=bench.clock())
    waits = await api.call("POST", path, 409, headers={"Idempotency-Key": "k2"})
    assert (waits.headers["retry-after"], waits.json()["field"]) == ("1", "Idempotency-Key")
    await store.begin("ada", "k3", "of another call", now=bench.clock())
    await api.post(path, 422, **{"Idempotency-Key": "k3"})


async def test_a_call_whose_process_died_may_be_made_again(bench: Bench, api: Api) -> None:
    await refused(bench, "6994")
    store = bench.installation.store.answers
    await store.begin("ada", "k1", "left by a process that died", now=bench.clock())
    bench.clock.now += 301
    await api.post(f"{NORTHFIELD}/submissions/6994-1/send-again", **{"Idempotency-Key": "k1"})


async def test_what_a_token_does_is_in_the_audit_log(api: Api, bench: Bench) -> None:
    await refused(bench, "7001")
    at = f"{NORTHFIELD}/submissions/7001-1"
    await api.get(f"{NORTHFIELD}/orders")
    await api.post(f"{at}/ignore", body={"reason": "made by hand"})
    await api.post(f"{at}/ignore", 409, body={"reason": "once more"})
    found = await AuditLog(bench.installation.store.database).find(AuditFilter(), limit=10)
    kept = [(row.actor, row.via, row.subscriber, row.action, row.target, row.outcome[:8]) for row in found]
    assert kept == [
        ("ada", "api", "northfield", "orders ignore", "7001-1", "not done"),
        ("ada", "api", "northfield", "orders ignore", "7001-1", "done"),
    ]
    assert "made by hand" in found[1].detail
