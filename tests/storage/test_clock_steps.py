"""The clock is set back and forward, or stands elsewhere after the machine has started again."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from makeready.engine.model import NewWork
from makeready.orders.life import check_in
from makeready.prices.model import KnownPrice
from makeready.stores import Store
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.model.setup import State
from makeready_hooks.model.submission import FindResult
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.alarms import alarms
from makeready_inspect.health import health_of
from noted import call as a_call
from pretend import Bench, Machine, new_bench, order
from queued import claim
from steps import ask_to_look, settle, states

HOUR = 3600.0
YEAR = 365 * 24 * HOUR
BACK_AND_FORWARD = pytest.mark.parametrize("step", [-HOUR, -20.0, 20.0, HOUR])
CALLS, PER_S = 10, 10.0


@pytest.fixture
def machine() -> Machine:
    return Machine()


@asynccontextmanager
async def process(folder: Path, machine: Machine, before: Bench | None = None) -> AsyncIterator[Bench]:
    """One that begins now, over the same file as the one before it, with the same shop and MIS."""
    made = new_bench(folder, machine, before and before.shop, before and before.mis, clocks=machine.clocks)
    await made.installation.store.subscribers.save([made.subscriber])
    yield made
    await made.installation.aclose()


async def in_doubt(bench: Bench, asked: list[float]) -> float:
    """An order whose answer was lost. Returns when, in true time, it may be asked about."""

    def find(key: str) -> FindResult:
        asked.append(bench.clock.now)
        return FindResult(order=None, certain=False)

    bench.mis.find = find
    bench.mis.trouble = [OutcomeUnknown("cut")]
    bench.shop.orders["1"] = order("1")
    await ask_to_look(bench, "1")
    await settle(bench)
    submission = await bench.installation.store.ledger.submission("northfield", "1-1")
    assert submission is not None
    assert submission.quiet_until > bench.clock()
    return bench.clock.now + submission.quiet_until - bench.clock()


async def pass_time(bench: Bench, until: float, every: float = 5.0) -> None:
    while bench.clock.now < until:
        bench.clock.now = min(until, bench.clock.now + every)
        await settle(bench)


@BACK_AND_FORWARD
async def test_a_doubt_is_asked_about_when_the_quiet_time_has_really_passed(
    tmp_path: Path, machine: Machine, step: float
) -> None:
    asked: list[float] = []
    async with process(tmp_path, machine) as bench:
        quiet_until = await in_doubt(bench, asked)
        machine.ahead += step
        await settle(bench)
        await pass_time(bench, quiet_until - 0.5)
        assert asked == []
        await pass_time(bench, quiet_until + 0.5)
        assert len(asked) == 1


@BACK_AND_FORWARD
async def test_a_clock_that_was_set_while_nothing_ran_changes_nothing(
    tmp_path: Path, machine: Machine, step: float
) -> None:
    asked: list[float] = []
    async with process(tmp_path, machine) as bench:
        quiet_until = await in_doubt(bench, asked)
    machine.ahead += step
    async with process(tmp_path, machine, bench) as bench:
        await settle(bench)
        await pass_time(bench, quiet_until - 0.5)
        assert asked == []
        await pass_time(bench, quiet_until + 0.5)
        assert len(asked) == 1


@BACK_AND_FORWARD
async def test_after_a_start_of_the_machine_the_whole_quiet_time_is_waited_for_again_and_no_more(
    tmp_path: Path, machine: Machine, step: float
) -> None:
    asked: list[float] = []
    async with process(tmp_path, machine) as bench:
        length = await in_doubt(bench, asked) - machine.now
    machine.now, machine.ahead, machine.starts = machine.now + 5, machine.ahead + step, 1
    async with process(tmp_path, machine, bench) as bench:
        started = machine.now
        await settle(bench)
        await pass_time(bench, started + length - 0.5)
        assert asked == []
        await pass_time(bench, started + length + 20)
        assert len(asked) == 1


@pytest.mark.parametrize("starts", [0, 1])
async def test_an_order_that_is_tried_again_soon_does_not_wait_for_the_hour_that_the_clock_went_back(
    tmp_path: Path, machine: Machine, starts: int
) -> None:
    async with process(tmp_path, machine) as bench:
        bench.mis.trouble = [RetryLater("away", after_s=30)]
        bench.shop.orders["1"] = order("1")
        await ask_to_look(bench, "1")
        await settle(bench)
        assert await states(bench, "1") == ["ready"]
    machine.ahead, machine.starts = -HOUR, starts
    async with process(tmp_path, machine, bench) as bench:
        await pass_time(bench, machine.now + 45)
        assert await states(bench, "1") == ["accepted"]


async def test_a_lease_holds_in_another_process_although_the_clock_went_forward(
    tmp_path: Path, machine: Machine
) -> None:
    one = Store.open(tmp_path / "test.db", clocks=machine.clocks)
    other = Store.open(tmp_path / "test.db", clocks=machine.clocks)
    await one.work.add([NewWork(subscriber="a", kind="fetch-order", key="1", due_at=0)])

    async def claimed(store: Store, owner: str) -> int:
        return len(
            await claim(store.work, now=machine(), owner=owner, lease_s=10, limit=1, kind="fetch-order")
        )

    assert await claimed(one, "one") == 1
    machine.ahead += HOUR
    assert await claimed(other, "other") == 0
    machine.now += 11
    assert await claimed(other, "other") == 1
    one.close()
    other.close()


@pytest.fixture
def stores(tmp_path: Path, machine: Machine) -> Iterator[tuple[Store, Store]]:
    """Of two processes."""
    both = [Store.open(tmp_path / "slots.db", clocks=machine.clocks) for _ in range(2)]
    yield both[0], both[1]
    for one in both:
        one.close()


async def begins(store: Store, machine: Machine) -> float:
    """When, in true time, the next call may begin."""
    at, _ = await store.call_slots.take("shop.example", now=machine(), calls=CALLS, per_s=PER_S, wanted=1)
    return machine.now + at - machine()


@BACK_AND_FORWARD
async def test_a_step_of_the_clock_neither_stops_calls_nor_lets_more_of_them_go(
    stores: tuple[Store, Store], machine: Machine, step: float
) -> None:
    one, other = stores
    began = [await begins(one, machine) for _ in range(CALLS)]
    machine.now += 3
    machine.ahead += step
    for store in (other, one):
        began += [await begins(store, machine) for _ in range(CALLS)]
    began.sort()
    for first, after in zip(began, began[CALLS:], strict=False):
        assert after - first == pytest.approx(PER_S)


async def test_after_a_start_of_the_machine_with_the_clock_an_hour_back_calls_wait_a_window_at_most(
    tmp_path: Path, machine: Machine
) -> None:
    store = Store.open(tmp_path / "test.db", clocks=machine.clocks)
    for _ in range(CALLS):
        await begins(store, machine)
    store.close()
    machine.ahead, machine.starts = -HOUR, 1
    store = Store.open(tmp_path / "test.db", clocks=machine.clocks)
    assert machine.now <= await begins(store, machine) <= machine.now + PER_S + 0.01
    store.close()


async def test_where_nothing_witnesses_the_time_calls_still_wait_a_window_at_most(store: Store) -> None:
    for _ in range(CALLS):
        await store.call_slots.take("shop.example", now=10_000.0, calls=CALLS, per_s=PER_S, wanted=1)
    at, _ = await store.call_slots.take(
        "shop.example", now=10_000.0 - HOUR, calls=CALLS, per_s=PER_S, wanted=1
    )
    assert at == 10_000.0 - HOUR + PER_S


async def test_a_break_of_the_ledger_has_its_quiet_time_although_the_clock_went_forward(
    tmp_path: Path, machine: Machine
) -> None:
    machine.now = 1_772_443_500.0  # some minutes after the invented orders are placed
    async with process(tmp_path, machine) as bench:
        await check_in.mark_restored(bench.installation, "mia", "a snapshot")
        bench.shop.orders["6994"] = order("6994")
        machine.ahead += 3600
        await ask_to_look(bench, "6994")
        await settle(bench)
        assert await states(bench) == ["ready"]
        await pass_time(bench, machine.now + 91)
        assert await states(bench) == ["parked"]


@pytest.mark.parametrize("step", [-YEAR, YEAR])
async def test_a_break_of_the_ledger_holds_nothing_up_longer_although_the_clock_is_put_right_by_a_year(
    tmp_path: Path, machine: Machine, step: float
) -> None:
    """It was noted while the clock stood wrong, or the clock went wrong and back."""
    machine.now = 1_772_443_500.0
    async with process(tmp_path, machine) as bench:
        await check_in.mark_restored(bench.installation, "mia", "a snapshot")
        machine.ahead += step
        await settle(bench)
        bench.shop.orders["6994"] = order("6994")
        await ask_to_look(bench, "6994")
        await pass_time(bench, machine.now + 91)
        assert await states(bench) == ["parked"]
        assert await bench.installation.store.lives.broken_at() >= machine.now - 91
        machine.ahead = 0.0
        await settle(bench)
        assert await bench.installation.store.lives.broken_at() == pytest.approx(machine.now - 91, abs=1)


async def test_an_outage_is_told_although_the_clock_was_a_year_ahead_when_the_last_order_was_taken(
    tmp_path: Path, machine: Machine
) -> None:
    async with process(tmp_path, machine) as bench:
        machine.ahead += YEAR
        bench.shop.orders["1"] = order("1")
        await ask_to_look(bench, "1")
        await settle(bench)
        assert await states(bench, "1") == ["accepted"]
        bench.mis.trouble = [RetryLater("away")] * 100
        bench.shop.orders["2"] = order("2")
        await ask_to_look(bench, "2")
        await settle(bench)
        machine.ahead = 0.0
        await pass_time(bench, machine.now + 1000)
        facts = await collect_inputs(bench.installation, bench.subscriber)
        [told] = [one for one in alarms(bench.subscriber, facts) if one.topic == "outage:mis"]
        assert told.since == pytest.approx(machine.now - 1000, abs=10)


async def test_the_mark_of_a_connection_follows_its_calls_although_the_clock_was_a_year_ahead(
    tmp_path: Path, machine: Machine
) -> None:
    async with process(tmp_path, machine) as bench:
        calls = bench.installation.store.calls

        async def call(status: int) -> State:
            await calls.keep([a_call(at=machine(), connector="mis", status=status)])
            facts = await collect_inputs(bench.installation, bench.subscriber)
            return next(
                one.state
                for one in health_of(bench.installation, bench.subscriber, facts)
                if one.connector == "mis"
            )

        machine.ahead += YEAR
        assert await call(200) is State.OK
        machine.ahead = 0.0
        assert await call(500) is State.WRONG
        machine.now += 60
        assert await call(200) is State.OK


async def test_a_price_that_was_kept_while_the_clock_was_a_year_ahead_is_replaced_by_the_next(
    tmp_path: Path, machine: Machine
) -> None:
    query = PriceQuery(product_id="2284", quantity=10)
    async with process(tmp_path, machine) as bench:
        prices = bench.installation.store.prices

        async def keep(total: str) -> str:
            known = KnownPrice(quote=Quote(total=Decimal(total)), at=machine())
            await prices.keep("northfield", "live", query, known)
            kept = await prices.known("northfield", "live", query)
            assert kept is not None
            return str(kept.quote.total)

        machine.ahead += YEAR
        assert await keep("25") == "25"
        machine.ahead = 0.0
        assert await keep("30") == "30"


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (HOUR, ["The clock of the server was set forward by 60 minutes"]),
        (-120.0, ["The clock of the server was set back by 2 minutes"]),
        (20.0, []),
    ],
)
async def test_people_are_told_for_a_day_that_the_clock_was_set(
    tmp_path: Path, machine: Machine, step: float, told: list[str]
) -> None:
    async with process(tmp_path, machine) as bench:
        await settle(bench)
        machine.ahead = step
        await bench.installation.store.work.probe()
        for later_s, expected in ((0.0, told), (23 * HOUR, told), (2 * HOUR, [])):
            machine.now += later_s
            facts = await collect_inputs(bench.installation, bench.subscriber)
            found = [one for one in alarms(bench.subscriber, facts) if one.topic.startswith("clock:")]
            assert [one.title for one in found] == expected
