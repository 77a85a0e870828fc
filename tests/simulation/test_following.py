"""Progress from one emulator to the other, while processes die and answers are lost: each thing once, never back."""

import random
from itertools import count

from makeready.orders.fulfilment.write_back import QUIET_S
from makeready_lab.simulation.faults import Odds
from world import STAGES, STATUS_POLL_S, TRIGGER, World, following

WAY = ["Order Received", TRIGGER, *STAGES.values()]
MOMENTS = (("In production", ""), ("Dispatched", "A"), ("Dispatched", "B"))
MINUTE = 60.0
ROUNDS = 4
LIVES = 30


async def is_told(world: World, number: str, parcels: list[str], about: str) -> None:
    """The shop shows the last stage and each parcel, and the item went its way forwards only."""
    assert sorted(await world.trackings(number)) == parcels, about
    stages = await world.stages(number)
    assert stages[-1] == "Shipping", about
    went = [WAY.index(stage) for stage in stages]
    assert went == sorted(went), f"{about}: {went}"


async def test_every_point_of_a_look_can_be_the_last_of_a_process() -> None:
    async with following() as world:
        for point in count(1):
            number = await world.order()
            await world.mis_moves(number, "Dispatched", f"DP-{point}")
            world.fate.points, world.fate.crash_at = 0, point
            await world.pass_time(STATUS_POLL_S)
            world.fate.crash_at = 0
            for _ in range(2):
                await world.pass_time(STATUS_POLL_S)
            await is_told(world, number, [f"DP-{point}"], f"crash at {point}")
            if world.fate.crashes < point:
                break
        assert world.fate.crashes > 20, "commits and calls, before and after each"


async def test_whatever_is_lost_late_or_cut_down_each_stage_and_parcel_is_told_once_and_never_back() -> None:
    async with following(poll_every_s=MINUTE) as world:
        for seed in range(LIVES):
            number = await world.order()
            world.fate.random = random.Random(seed)  # noqa: S311 - reproducible
            world.fate.odds = Odds(late=0.2, lost_after=0.1, lost_before=0.1)
            world.fate.quiet = False
            for status, tracking in MOMENTS:
                await world.mis_moves(number, status, tracking and f"{tracking}-{seed}")
                await world.pass_time(MINUTE)
            world.fate.quiet = True
            for _ in range(ROUNDS):
                await world.pass_time(QUIET_S)
            await is_told(world, number, [f"A-{seed}", f"B-{seed}"], f"seed {seed}")
        assert world.fate.crashes > 0
        assert world.fate.drawn["late"] > LIVES / 2
