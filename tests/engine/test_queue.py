import asyncio

import pytest
import queued
from makeready.engine.model import NewWork
from makeready.engine.places import Places
from makeready.engine.store import CLAIM, FIRST_TRIES, INDEX, MORE_TRIES, PAUSED
from makeready.orders.model import Cause
from makeready.orders.store.readings import next_number
from makeready.storage.rows import rows
from makeready.stores import Store
from msgspec.structs import replace
from queued import finish, put_back, work_type

KINDS = ["fetch-order", "submit"]


def work(key: str, *, kind: str = "fetch-order", subscriber: str = "a", due_at: float = 0) -> NewWork:
    return NewWork(subscriber=subscriber, kind=kind, key=key, due_at=due_at)


async def claim(store: Store, owner: str = "me", *, now: float = 10, limit: int = 10, lease_s: float = 30):
    return await queued.claim(store.work, now=now, owner=owner, lease_s=lease_s, limit=limit)


async def test_what_is_due_is_claimed_by_one_owner_only(store: Store) -> None:
    await store.work.add([work(str(number)) for number in range(40)])
    claims = await asyncio.gather(*(claim(store, f"owner-{n}", limit=10) for n in range(8)))
    keys = [one.key for claimed in claims for one in claimed]
    assert sorted(keys, key=int) == [str(number) for number in range(40)]


async def test_what_is_due_later_waits(store: Store) -> None:
    await store.work.add([work("later", due_at=20)])
    assert await claim(store, now=19) == []
    assert await store.work.next_due(KINDS) == 20
    assert [one.key for one in await claim(store, now=20)] == ["later"]


async def test_a_claim_is_of_one_subscriber_and_kind(store: Store) -> None:
    await store.work.add([work("1"), work("2", kind="submit"), work("3", subscriber="b"), work("4")])
    assert [one.key for one in await claim(store)] == ["1", "4"]


async def test_each_batch_has_a_number_that_was_taken_with_it(store: Store) -> None:
    """Of a type that has one; another reading that begins later has a greater one."""
    await store.work.add([work("1"), work("2"), work("3", subscriber="b"), work("4", kind="submit")])
    numbered, plain = replace(work_type("fetch-order"), number=next_number), work_type("submit")
    batches = await store.work.claim([numbered, plain], Places(()), now=10, owner="me", lease_s=30)
    assert [[(one.key, one.number) for one in batch] for batch in batches] == [
        [("1", 1), ("2", 1)],
        [("3", 2)],
        [("4", 0)],
    ]
    assert await store.readings.begin() == 3


async def test_the_work_of_an_owner_that_died_is_free_when_its_lease_ends(store: Store) -> None:
    await store.work.add([work("1")])
    await claim(store, "dead", now=10, lease_s=30)
    assert await claim(store, "heir", now=39) == []
    assert [one.key for one in await claim(store, "heir", now=40)] == ["1"]


async def test_a_renewed_lease_lasts(store: Store) -> None:
    await store.work.add([work("1")])
    claimed = await claim(store, "me", now=10, lease_s=30)
    await store.work.renew(claimed, owner="me", until=100)
    assert await claim(store, "other", now=99) == []


async def test_an_owner_that_lost_its_lease_cannot_finish(store: Store) -> None:
    await store.work.add([work("1")])
    [late] = await claim(store, "late", now=10, lease_s=30)
    [taken] = await claim(store, "heir", now=50)
    await finish(store.work, late, owner="late", now=51)
    assert await store.work.waiting("a", "fetch-order") == 1
    await finish(store.work, taken, owner="heir", now=52)
    assert await store.work.waiting("a", "fetch-order") == 0


async def test_asking_twice_is_once(store: Store) -> None:
    await store.work.add([work("1", due_at=9), work("1", due_at=5)])
    assert len(await claim(store, now=5)) == 1


async def test_what_is_asked_for_while_it_is_done_is_done_again(store: Store) -> None:
    await store.work.add([work("1")])
    [first] = await claim(store)
    await store.work.add([work("1", due_at=11)])
    await finish(store.work, first, owner="me", now=12)
    [second] = await claim(store, now=12)
    await finish(store.work, second, owner="me", now=13)
    assert await store.work.waiting("a", "fetch-order") == 0


async def test_what_is_put_back_comes_again_with_its_attempts_and_its_error(store: Store) -> None:
    await store.work.add([work("1")])
    [first] = await claim(store)
    await put_back(store.work, first, owner="me", now=10, due_at=60, error="no connection")
    assert await claim(store, now=59) == []
    [second] = await claim(store, now=60)
    assert second.attempts == 1
    assert await store.work.errors("a", "1") == ["no connection"]


async def test_a_subscriber_that_is_busy_comes_after_those_that_are_not(store: Store) -> None:
    await store.work.add([work(str(number), subscriber="burst", due_at=1) for number in range(50)])
    await store.work.add([work("single", subscriber="other", due_at=5)])
    places = Places([("fetch-order", "burst")])
    batches = await store.work.claim(
        [work_type("fetch-order", limit=20)], places, now=10, owner="me", lease_s=30
    )
    assert [(batch[0].subscriber, len(batch)) for batch in batches] == [
        ("other", 1),
        ("burst", 20),
        ("burst", 20),
        ("burst", 10),
    ]
    assert places.full(work_type("fetch-order")) == ["burst"]


async def test_kinds_of_which_nothing_is_due_or_all_is_being_done_are_not_due(store: Store) -> None:
    assert await store.work.due_kinds(10) == frozenset()
    await store.work.add([work("1"), work("2", kind="submit", due_at=20), work("3", kind="mark", due_at=10)])
    assert await store.work.due_kinds(9) == {"fetch-order"}
    assert await store.work.due_kinds(10) == {"fetch-order", "mark"}
    await claim(store, now=10, lease_s=30)
    assert await store.work.due_kinds(20) == {"submit", "mark"}
    assert await store.work.due_kinds(40) == {"fetch-order", "submit", "mark"}


async def test_what_is_new_does_not_wait_for_all_that_is_old(store: Store) -> None:
    """After an outage: most of what is taken is what waits for longest, and some is what came last."""
    await store.work.add([work(str(number), due_at=number) for number in range(100)])
    taken = [sorted(int(one.key) for one in await claim(store, now=100, limit=8)) for _ in range(2)]
    assert taken == [[0, 1, 2, 3, 4, 5, 98, 99], [6, 7, 8, 9, 10, 11, 96, 97]]
    left = [await claim(store, now=100, limit=60) for _ in range(3)]
    assert [len(some) for some in left] == [60, 24, 0]


@pytest.mark.parametrize(
    ("tries", "by"),
    [("", "work_free"), (FIRST_TRIES, "work_first_tries"), (MORE_TRIES, "work_more_tries")],
)
async def test_a_claim_does_not_look_at_every_row_that_waits(store: Store, tries: str, by: str) -> None:
    """Of a company with a burst, all of which is its own, and of others: the plan names an index for each step."""
    await store.work.add([work(str(number), due_at=number) for number in range(500)])
    limits = {"oldest": 8, "newest": 2}
    sql = CLAIM.format(tries=tries, index=INDEX[tries], paused=PAUSED.format("name"), **limits)
    given = dict.fromkeys(("now", "kind", "flow", "owner", "until"), 0) | {
        "busy": "[]",
        "without": "[]",
    }
    plan = await store.database.read(lambda db: rows(db, f"explain query plan {sql}", given))
    steps = [str(step["detail"]) for step in plan if " work" in f" {step['detail']}"]
    first_of_kind = "(kind=?)", "(kind=? AND subscriber>?)"
    others = [step for step in steps if not step.endswith(("(rowid=?)", *first_of_kind))]
    assert others and all(by in step for step in others), steps


async def test_since_when_work_fails_is_kept_until_it_goes_well(store: Store) -> None:
    await store.work.add([work("1")])

    async def fail(now: float, error: str, *, needs_person: bool = False) -> list[tuple[float, str, bool]]:
        [claimed] = await claim(store, now=now)
        await put_back(
            store.work, claimed, owner="me", now=now, due_at=now, error=error, needs_person=needs_person
        )
        found = await store.work.failing("a", KINDS)
        return [(one.failing_since, one.error, one.needs_person) for one in found]

    assert await fail(10, "no connection") == [(10, "no connection", False)]
    assert await fail(20, "wrong password", needs_person=True) == [(10, "wrong password", True)]
    assert await fail(30, "") == []
    assert await fail(40, "no connection") == [(40, "no connection", False)]
    [claimed] = await claim(store, now=50)
    await store.work.add([work("1")])
    await finish(store.work, claimed, owner="me", now=50)
    assert await store.work.failing("a", KINDS) == []
    assert await store.work.waiting("a", "fetch-order") == 1


NOW = Cause("a person wants it tried now", 20.0, "ada")


async def test_only_what_went_wrong_and_is_not_due_is_made_due(store: Store) -> None:
    await store.work.add([work("1"), work("2"), work("3", due_at=500)])
    for one in await claim(store, now=10):
        await put_back(store.work, one, owner="me", now=10, due_at=100, error="no connection")
    assert await store.ledger.retry("a", ["1", "3"], NOW) == 1
    assert await store.ledger.retry("a", ["1", "3"], NOW) == 0
    assert [one.key for one in await claim(store, now=20)] == ["1"]
    assert await store.ledger.retry("b", None, NOW) == 0
    assert await store.ledger.retry("a", None, NOW) == 1
