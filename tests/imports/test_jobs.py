"""Imports as jobs: a plan does nothing until it is run; then it is watched, paused, cancelled, tried again."""

import asyncio

import pytest
from makeready.subscribers.setup import install
from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused
from makeready_imports import jobs
from makeready_imports.choices import ImportRequest
from makeready_imports.importer import QUIET_S
from makeready_imports.plan import plan_import
from pretend import SITE, Bench, product
from steps import settle

COUNT = 30


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    bench.mis.products = {str(key): product(str(key), f"Poster {key}") for key in range(1, COUNT + 1)}
    return bench


async def plan(bench: Bench) -> int:
    made = await plan_import(bench.installation, bench.subscriber, ImportRequest(site=SITE, all_matching=""))
    return made.job.id


async def act(bench: Bench, what: str, job: int) -> None:
    await getattr(jobs, what)(bench.installation, bench.subscriber, job)


async def progress(bench: Bench, job: int) -> jobs.Progress:
    return await jobs.progress(bench.installation, bench.subscriber, job)


def stop_after(bench: Bench, made: int, what: str, job: int) -> None:
    """A person who acts while the product after so many is being made."""
    create = bench.shop.create_shop_product

    async def creating(draft):
        if len(bench.shop.products) == made:
            await act(bench, what, job)
        return await create(draft)

    bench.shop.making = creating


async def test_a_plan_does_nothing_until_it_is_run(ready: Bench) -> None:
    job = await plan(ready)
    await settle(ready)
    assert ready.shop.products == {}
    assert (await progress(ready, job)).counts == {"planned": COUNT}
    await act(ready, "start", job)
    await settle(ready)
    assert len(ready.shop.products) == COUNT
    now = await progress(ready, job)
    assert (now.state, now.settled, now.counts) == ("done", COUNT, {"created": COUNT})


async def test_pausing_stops_after_what_is_under_way_and_running_goes_on(ready: Bench) -> None:
    job = await plan(ready)
    stop_after(ready, 7, "pause", job)
    await act(ready, "start", job)
    await settle(ready)
    assert len(ready.shop.products) == 8
    now = await progress(ready, job)
    assert (now.state, now.counts) == ("paused", {"created": 8, "planned": COUNT - 8})
    ready.clock.now += 3600
    await settle(ready)
    assert len(ready.shop.products) == 8
    await act(ready, "start", job)
    await settle(ready)
    assert (await progress(ready, job)).counts == {"created": COUNT}


async def test_a_cancelled_import_keeps_what_it_made_and_ends_for_good(ready: Bench) -> None:
    job = await plan(ready)
    stop_after(ready, 3, "cancel", job)
    await act(ready, "start", job)
    await settle(ready)
    now = await progress(ready, job)
    assert (now.state, now.counts, now.ended) == ("cancelled", {"created": 4, "cancelled": COUNT - 4}, True)
    for what in ("start", "pause", "cancel"):
        with pytest.raises(Refused, match="cancelled"):
            await act(ready, what, job)
    again = await plan(ready)  # what was not made is free for another import
    await act(ready, "start", again)
    await settle(ready)
    assert (await progress(ready, again)).counts == {"created": COUNT - 4, "skipped": 4}


@pytest.mark.parametrize("made", [True, False])
async def test_a_product_in_doubt_is_looked_for_after_its_import_was_cancelled(
    ready: Bench, made: bool
) -> None:
    lost = OutcomeUnknown("the connection was cut")
    lost.after_the_effect = made
    ready.mis.products = {"1": product("1", "Poster 1")}
    ready.shop.create_trouble = [lost]
    job = await plan(ready)
    await act(ready, "start", job)
    await settle(ready)
    await act(ready, "cancel", job)
    assert (await progress(ready, job)).ended is False
    ready.clock.now += QUIET_S + 1
    await settle(ready)
    state = "created" if made else "cancelled"
    assert (await progress(ready, job)).counts == {state: 1}
    assert len(ready.shop.products) == made


async def test_a_product_that_another_import_is_making_is_skipped(ready: Bench) -> None:
    first, second = await plan(ready), await plan(ready)
    for job in (first, second):
        await act(ready, "start", job)
    await settle(ready)
    assert (await progress(ready, first)).counts == {"created": COUNT}
    assert (await progress(ready, second)).counts == {"skipped": COUNT}
    [item, *_] = await ready.installation.store.imports.items(second)
    assert item.reason == f"It is being made: import {first}."


async def test_what_failed_is_tried_again_when_the_import_is_run_again(ready: Bench) -> None:
    ready.shop.create_trouble = [Refused("No."), Refused("No.")]
    job = await plan(ready)
    await act(ready, "start", job)
    await settle(ready)
    now = await progress(ready, job)
    assert (now.state, now.counts) == ("done", {"created": COUNT - 2, "failed": 2})
    await act(ready, "start", job)
    await settle(ready)
    assert (await progress(ready, job)).counts == {"created": COUNT}
    with pytest.raises(Refused, match="nothing to run"):
        await act(ready, "start", job)


async def test_an_import_is_watched_from_its_first_product_to_its_last(ready: Bench) -> None:
    job = await plan(ready)
    await act(ready, "start", job)
    seen: list[jobs.Progress] = []

    async def watching() -> None:
        async for now in jobs.watch(ready.installation, ready.subscriber, job):
            seen.append(now)
            await settle(ready)

    await asyncio.wait_for(watching(), 20)
    assert (seen[0].settled, seen[-1].settled, seen[-1].state) == (0, COUNT, "done")


async def test_the_rate_is_of_the_last_minute_and_gives_the_time_that_is_left(ready: Bench) -> None:
    job = await plan(ready)
    stop_after(ready, 9, "pause", job)
    await act(ready, "start", job)
    await settle(ready)
    ready.clock.now += 20
    ready.shop.making = None
    await ready.installation.store.imports.start(
        await jobs.find(ready.installation, ready.subscriber, job),
        kind="nobody",
        now=ready.clock.now,
        rules=lambda db: None,
    )
    now = await progress(ready, job)
    assert (now.per_minute, now.left_s) == (30.0, 40.0)  # 10 in 20 s, 20 are left
    ready.clock.now += 60
    assert (await progress(ready, job)).left_s is None


async def test_an_import_of_another_subscriber_is_not_there(ready: Bench) -> None:
    job = await plan(ready)
    with pytest.raises(ConfigError, match=f"no import {job + 1}"):
        await progress(ready, job + 1)
    assert await ready.installation.store.imports.job("somebody-else", job) is None
