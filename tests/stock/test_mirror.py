"""The shop's stock levels follow the MIS, and what buyers draw themselves is never put back."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.stock.model import MirrorRow
from makeready_stock.mirror import QUIET_S, TRIAL_S, wanted_change
from world import KIT, SETTLE_S, STOCK_POLL_S, stocked


async def test_a_change_in_the_mis_is_written_in_the_shop_by_itself(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        assert await world.moves() == [], "nothing has changed"
        await world.shelf(90)
        await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 90
        await world.shelf(200)
        await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 200
        assert await world.moves() == [-30, 110]


async def test_an_order_on_its_way_to_the_mis_is_not_put_back(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        number = await world.buy(20)
        await world.hear_of(number)
        for _ in range(3):
            await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 100, "the shop has drawn it; the MIS does not know it yet"
        await world.transfer(number)
        for _ in range(3):
            await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 100, "the MIS has allocated it"
        assert await world.moves() == []


async def test_orders_that_come_between_reading_and_writing_stay_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.shelf(300)
        bought = []

        async def buyer_is_quicker(path: str) -> None:
            if path.endswith("Transactions") and not bought:
                bought.append(await world.buy(7))

        world.around_calls(monkeypatch, before=buyer_is_quicker)
        await world.pass_time(STOCK_POLL_S)
        assert bought
        assert await world.level() == 293
        await world.transfer(bought[0])
        for _ in range(3):
            await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 293
        assert await world.moves() == [180]


async def test_an_order_that_nobody_told_us_of_is_not_put_back_before_it_can_be_known(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        number = await world.buy(20)
        await world.sync()
        assert await world.level() == 100
        await world.shelf(150)
        await world.sync()
        assert await world.level() == 130, "raised by what the MIS has more, and not by what has just fallen"
        await world.hear_of(number)
        for _ in range(3):
            await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 130


async def test_a_level_that_a_person_typed_into_the_shop_is_corrected_later(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.shop.set_stock_level("117-2284", 5)
        await world.sync()
        assert await world.level() == 5, "it may have been orders"
        await world.pass_time(SETTLE_S)
        await world.sync()
        assert await world.level() == 120


async def test_a_buyer_every_minute_does_not_keep_the_level_down(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.shelf(1000)
        for _ in range(20):
            await world.hear_of(await world.buy(1))
            await world.pass_time(60)
        assert await world.level() >= 970


async def test_what_is_sold_below_zero_stays_below_zero(tmp_path: Path) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.hear_of(await world.buy(130))
        for _ in range(3):
            await world.pass_time(STOCK_POLL_S)
        assert await world.level() == -10
        assert await world.moves() == []


@pytest.mark.parametrize("happened", [True, False])
async def test_a_change_without_an_answer_is_settled_by_looking(tmp_path: Path, happened: bool) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.shelf(100)
        await world.pass_time(STOCK_POLL_S)  # the account is known to take changes
        await world.shelf(150)
        fault = "error-after" if happened else "error-before"
        await world.shop.set_switches({"fault-path": "Transactions", "fault-limit": "1", fault: "1"})
        await world.sync()
        await world.shop.set_switches({fault: "0"})
        await world.sync()
        assert await world.level() == (150 if happened else 100), (
            "it may still take effect: nothing is written"
        )
        for _ in range(4):
            await world.pass_time(QUIET_S)
        assert await world.level() == 150


@pytest.mark.parametrize("moment", ["it has read the level", "it is about to write"])
async def test_two_that_write_at_once_write_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    async with stocked(tmp_path) as world:
        await world.settled()
        await world.shelf(100)
        await world.pass_time(STOCK_POLL_S)
        await world.shelf(50)
        inside = []
        wanted = "Transactions" if moment == "it is about to write" else "StockInventory"

        async def another_process(path: str) -> None:
            if path.endswith(wanted) and not inside:
                inside.append(path)
                await world.run_beside()

        if wanted == "Transactions":
            world.around_calls(monkeypatch, before=another_process)
        else:
            world.around_calls(monkeypatch, after=another_process)
        await world.sync()
        assert inside
        assert await world.level() == 50
        assert await world.moves() == [-20, -50]


@pytest.mark.parametrize("how", ["absent", "ignored"])
async def test_an_account_that_cannot_is_found_out_by_one_change_and_left_alone(
    tmp_path: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stocked(tmp_path) as world:
        await world.shop.set_switches({"stock-adjustments": how})
        await world.settled()
        for on_hand in (100, 90, 80, 70):
            await world.shelf(on_hand)
            await world.pass_time(STOCK_POLL_S)
        assert (await world.trial()).state == "refused"
        calls = await world.shop.calls()
        tried = [count for call, count in calls.items() if call.endswith("/Transactions")]
        assert tried == [1]
        assert await world.level() == 120
        assert capsys.readouterr().out.count("cannot be kept in step") == 1
        await world.shop.set_switches({"stock-adjustments": "work"})
        await world.apply(few=3)
        for _ in range(3):
            await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 70, "changed settings are a reason to try again"


async def test_an_account_that_shows_a_change_late_is_given_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stocked(tmp_path) as world:
        await world.shop.set_switches({"stock-adjustments": "ignored"})
        await world.settled()
        await world.shelf(100)
        await world.pass_time(STOCK_POLL_S)
        assert (await world.trial()).state == "trying"
        await world.shop.set_stock_level("117-2284", 100)  # it shows at last
        await world.pass_time(TRIAL_S / 2)
        assert (await world.trial()).state == "trying"
        await world.pass_time(TRIAL_S / 2)
        assert (await world.trial()).state == "works"


async def test_the_mirror_can_be_switched_off(tmp_path: Path) -> None:
    async with stocked(tmp_path, mirror=False) as world:
        await world.settled()
        await world.shelf(1)
        await world.pass_time(STOCK_POLL_S)
        assert await world.level() == 120
        assert (await world.installation.store.stock.levels("northfield"))[KIT].free == 1


counts = st.integers(-50, 50)


@given(
    free=counts,
    level=counts,
    recent_drop=st.integers(0, 50),
    ago=st.integers(0, 700),
    known=st.integers(0, 700),
)
def test_a_wanted_change_never_raises_by_what_has_just_fallen_and_settles_on_what_is_free(
    free: int, level: int, recent_drop: int, ago: int, known: int
) -> None:
    now = 10_000.0
    row = MirrorRow(
        site="s",
        product_id="p",
        level=level,
        first_seen_at=now - known,
        recent_drop=recent_drop,
        dropped_at=now - ago,
    )
    change, again_s = wanted_change(Decimal(free), row, now=now, settle_s=SETTLE_S)
    target = free if free >= 0 else min(level, 0)
    if target <= level:
        assert (change, again_s) == (target - level, None)
    elif known < SETTLE_S:
        assert change == 0
    elif ago < SETTLE_S and recent_drop:
        assert change == max(0, target - level - recent_drop)
    else:
        assert (change, again_s) == (target - level, None)
    assert again_s is None or 0 < again_s <= SETTLE_S
