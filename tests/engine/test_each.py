"""Work that is claimed together and done side by side."""

import asyncio

import pytest
from makeready.engine import worker
from makeready.engine.each import each
from makeready.engine.model import NewWork, Work, WorkType
from makeready.engine.retry import Retry
from makeready.engine.worker import Engine
from makeready.stores import Store
from makeready_hooks.errors import Refused, RetryLater
from pretend import Clock

KIND = "mark"
KEYS = ("well", "later", "no", "defect", "again")


async def test_the_trouble_of_one_is_not_the_others(store: Store, clock: Clock) -> None:
    together = asyncio.Barrier(len(KEYS))

    async def do(context: None, name: str, work: Work) -> Retry | None:
        await together.wait()  # all of them are under way at once
        if work.key == "later":
            raise RetryLater("It is away.", after_s=60)
        if work.key == "no":
            raise Refused("Not so.")
        if work.key == "defect":
            raise LookupError("password=press-gang")
        return Retry(error="Once more.", after_s=5) if work.key == "again" else None

    await store.work.add([NewWork(subscriber="a", kind=KIND, key=key, due_at=0) for key in KEYS])
    engine = Engine(store.work, [WorkType(kind=KIND, run=each(do), batch=10)], None, clock=clock)
    async with asyncio.timeout(30):
        assert await engine.run_due()
    errors = {key: await store.work.errors("a", key) for key in KEYS}
    assert errors == {
        "well": [],
        "later": ["It is away."],
        "no": ["Not so."],
        "defect": ["An internal error; see the log."],
        "again": ["Once more."],
    }
    assert [one.key for one in await store.work.failing("a", [KIND]) if one.needs_person] == ["no"]


async def test_what_another_process_asks_for_is_done_at_once(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when its turn comes to look for what has become due."""
    monkeypatch.setattr(worker, "POLL_S", 3600.0)
    done, stop = asyncio.Event(), asyncio.Event()

    async def do(context: None, name: str, work: Work) -> None:
        done.set()

    engine = Engine(store.work, [WorkType(kind=KIND, run=each(do))], None, clock=clock)
    running = asyncio.create_task(engine.run(stop))
    other = Store.open(store.database.path)
    while engine.trouble:
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await other.work.add([NewWork(subscriber="a", kind=KIND, key="1", due_at=0)])
        await done.wait()
        stop.set()
        await running
    other.close()
