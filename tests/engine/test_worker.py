import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from makeready.engine.model import NewWork, Work, WorkType
from makeready.engine.retry import Retry, backoff_s
from makeready.engine.worker import Engine
from makeready.stores import Store
from makeready_hooks import Role
from makeready_hooks.errors import RetryLater
from pretend import Clock
from queued import claim

pytestmark = pytest.mark.long


class Doer:
    """Does work as a test says, and remembers it."""

    def __init__(self, *answers: Mapping[int, Retry] | Exception) -> None:
        self.done: list[list[str]] = []
        self._answers = list(answers)

    async def __call__(
        self, installation: None, subscriber: str, works: Sequence[Work]
    ) -> Mapping[int, Retry]:
        self.done.append([work.key for work in works])
        answer = self._answers.pop(0) if self._answers else {}
        if isinstance(answer, Exception):
            raise answer
        return answer


def engine(store: Store, doer: Doer, clock: Clock, *, batch: int = 1) -> Engine:
    return Engine(store.work, [WorkType(kind="fetch-order", run=doer, batch=batch)], None, clock=clock)


async def add(store: Store, *keys: str, due_at: float = 0) -> None:
    await store.work.add(
        [NewWork(subscriber="a", kind="fetch-order", key=key, due_at=due_at) for key in keys]
    )


async def run_all(one: Engine) -> None:
    while await one.run_due():
        pass


async def test_work_is_done_once(store: Store, clock: Clock) -> None:
    doer = Doer()
    await add(store, "1", "2")
    await run_all(engine(store, doer, clock))
    assert doer.done == [["1"], ["2"]]


async def test_work_of_a_kind_that_nobody_does_waits_for_whoever_comes(store: Store, clock: Clock) -> None:
    """As an event of low stock does where nothing reads stock."""
    there, later = Doer(), Doer()
    await store.work.add([NewWork(subscriber="a", kind="stock", key="9", due_at=0)])
    await add(store, "1")
    await run_all(engine(store, there, clock))
    assert there.done == [["1"]]
    await run_all(Engine(store.work, [WorkType(kind="stock", run=later)], None, clock=clock))
    assert later.done == [["9"]]


async def test_a_handler_with_a_batch_gets_what_is_due_together(store: Store, clock: Clock) -> None:
    doer = Doer()
    await add(store, "1", "2", "3")
    await run_all(engine(store, doer, clock, batch=2))
    assert doer.done == [["1", "2"], ["3"]]


async def test_what_is_gathered_is_done_in_one_batch_after_the_one_that_runs(
    store: Store, clock: Clock
) -> None:
    finish, done = asyncio.Event(), []

    async def do(installation: None, subscriber: str, works: Sequence[Work]) -> Mapping[int, Retry]:
        done.append((subscriber, [work.key for work in works]))
        if subscriber == "a":
            await finish.wait()
        return {}

    handler = WorkType(kind="fetch-order", run=do, batch=10, max_per_subscriber=1)
    one = Engine(store.work, [handler], None, clock=clock)
    await add(store, "1")
    running = asyncio.create_task(one.run_due())
    while not done:
        await asyncio.sleep(0)
    await add(store, "2", "3")
    await store.work.add([NewWork(subscriber="b", kind="fetch-order", key="9", due_at=0)])
    others = asyncio.create_task(one.run_due())
    while len(done) < 2:
        await asyncio.sleep(0)
    finish.set()
    await asyncio.gather(running, others)
    await run_all(one)
    assert done == [("a", ["1"]), ("b", ["9"]), ("a", ["2", "3"])]


@pytest.mark.parametrize("trouble", [RetryLater("down", after_s=7), ValueError("a defect")])
async def test_work_that_failed_comes_again(store: Store, clock: Clock, trouble: Exception) -> None:
    doer = Doer(trouble)
    await add(store, "1")
    one = engine(store, doer, clock)
    await run_all(one)
    assert len(doer.done) == 1
    clock.now += 8
    await run_all(one)
    assert len(doer.done) == 2
    assert await store.work.waiting("a", "fetch-order") == 0


async def test_the_log_and_the_store_never_hold_what_a_defect_said(store: Store, clock: Clock) -> None:
    await add(store, "1")
    await run_all(engine(store, Doer(ValueError("password=press-gang")), clock))
    assert await store.work.errors("a", "1") == ["An internal error; see the log."]


async def test_one_of_a_batch_can_come_again_alone(store: Store, clock: Clock) -> None:
    await add(store, "1", "2")
    [first] = await claim(store.work, now=clock(), owner="x", lease_s=0, limit=1, kind="fetch-order")
    doer = Doer({first.id: Retry(error="not yet", after_s=5)})
    one = engine(store, doer, clock, batch=10)
    await run_all(one)
    clock.now += 5
    await run_all(one)
    assert doer.done == [["1", "2"], ["1"]]


async def test_a_running_engine_starts_at_once_when_it_is_woken_and_stops_when_it_is_told(
    store: Store,
) -> None:
    began, stop = asyncio.Event(), asyncio.Event()

    async def do(installation: None, subscriber: str, works: Sequence[Work]) -> Mapping[int, Retry]:
        began.set()
        return {}

    one = Engine(store.work, [WorkType(kind="fetch-order", run=do)], None)
    running = asyncio.create_task(one.run(stop))
    await add(store, "1")
    one.wake()
    async with asyncio.timeout(5):
        await began.wait()
        stop.set()
        await running
    assert await store.work.waiting("a", "fetch-order") == 0


async def test_what_is_under_way_is_finished_before_the_engine_ends(store: Store) -> None:
    began, finish, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def do(installation: None, subscriber: str, works: Sequence[Work]) -> Mapping[int, Retry]:
        began.set()
        await finish.wait()
        return {}

    await add(store, "1")
    running = asyncio.create_task(Engine(store.work, [WorkType(kind="fetch-order", run=do)], None).run(stop))
    async with asyncio.timeout(5):
        await began.wait()
        stop.set()
        finish.set()
        await running
    assert await store.work.waiting("a", "fetch-order") == 0


def test_pauses_grow_up_to_ten_minutes() -> None:
    assert [backoff_s(number) for number in (0, 1, 2, 3)] == [1, 2, 4, 8]
    assert backoff_s(10_000) == 600


ROWS = 5
"""Of each kind of work and company: more than may run at once."""


class Hanging:
    """Work of companies whose side hangs never ends; that of the others is done."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.hanging: Counter[str] = Counter()

    async def __call__(
        self, installation: None, subscriber: str, works: Sequence[Work]
    ) -> Mapping[int, Retry]:
        if subscriber.startswith("hangs"):
            self.hanging[subscriber] += 1
            await asyncio.Event().wait()
        self.done += [(subscriber, work.kind) for work in works]
        return {}


@pytest.mark.parametrize(("companies", "held"), [(1, 16), (5, 48), (12, 48)])
async def test_whoever_hangs_in_whatever_kind_of_work_holds_nobody_else(
    store: Store, companies: int, held: int
) -> None:
    doer = Hanging()
    kinds = ("mark", "fetch", "compare", "file")
    one, stop = Engine(store.work, [WorkType(kind=kind, run=doer) for kind in kinds], None), asyncio.Event()

    async def add_for(*names: str) -> None:
        every = [(name, kind, str(key)) for name in names for kind in kinds for key in range(ROWS)]
        await store.work.add([NewWork(subscriber=a, kind=b, key=c, due_at=0) for a, b, c in every])
        one.wake()

    await add_for(*(f"hangs-{number}" for number in range(companies)))
    running = asyncio.create_task(one.run(stop))
    async with asyncio.timeout(10):
        while doer.hanging.total() < held:
            await asyncio.sleep(0.01)
        await add_for("a", "b")
        while len(doer.done) < 2 * len(kinds) * ROWS:
            await asyncio.sleep(0.01)
    assert doer.hanging.total() == held
    one.abandon()
    stop.set()
    await running


class Vendor:
    """Away, or back: then it does one after the other."""

    def __init__(self) -> None:
        self.away = True
        self.done: list[str] = []
        self.tried = 0

    async def __call__(
        self, installation: None, subscriber: str, works: Sequence[Work]
    ) -> Mapping[int, Retry]:
        self.tried += len(works)
        if self.away:
            raise RetryLater("no connection", after_s=3000)
        self.done += [work.key for work in works]
        return {}


async def test_one_success_with_a_side_that_was_away_makes_due_what_waits_the_oldest_first(
    store: Store, clock: Clock
) -> None:
    vendor = Vendor()
    one = Engine(store.work, [WorkType(kind="submit", run=vendor, side=Role.MIS)], None, clock=clock)
    numbers = [str(number) for number in range(10)]
    await store.work.add([NewWork(subscriber="a", kind="submit", key=key, due_at=0) for key in numbers])
    await run_all(one)
    vendor.away = False
    await store.work.add([NewWork(subscriber="a", kind="submit", key="new", due_at=clock.now)])
    await run_all(one)
    await store.work.add([NewWork(subscriber="a", kind="submit", key="last", due_at=clock.now + 1)])
    clock.now += 1
    await run_all(one)
    assert vendor.done == ["new", *numbers, "last"]


async def test_one_order_s_own_trouble_is_no_outage(store: Store, clock: Clock) -> None:
    vendor = Vendor()
    one = Engine(store.work, [WorkType(kind="submit", run=vendor, side=Role.MIS)], None, clock=clock)
    for number in range(5):
        await store.work.add([NewWork(subscriber="a", kind="submit", key="poison", due_at=0)])
        vendor.away = True
        await run_all(one)
        vendor.away = False
        key = f"good-{number}"
        await store.work.add([NewWork(subscriber="a", kind="submit", key=key, due_at=clock.now)])
        await run_all(one)
    assert "poison" not in vendor.done


async def test_what_was_never_tried_goes_before_what_may_not_exist(store: Store, clock: Clock) -> None:
    doer = Doer(RetryLater("The shop shows it not yet.", after_s=1))
    kind = WorkType(kind="fetch-order", run=doer, batch=100, retried_at_once=3, max_per_subscriber=1)
    one = Engine(store.work, [kind], None, clock=clock)
    await add(store, *(f"unknown-{number}" for number in range(10)))
    await run_all(one)
    clock.now += 2
    await add(store, "real", due_at=clock.now)
    await run_all(one)
    assert [len(batch) for batch in doer.done] == [10, 1, 3, 3, 3, 1]
    assert doer.done[1] == ["real"]
