"""The first day, pauses and the ledger's life through the JSON API: what is told, what is decided, and by whom."""

from datetime import UTC, datetime
from typing import Any

import pytest
from api import NORTHFIELD, Api, token
from makeready.orders.life import check_in
from makeready.orders.life.witness import WitnessFile
from makeready.subscribers.changes import export, propose, save
from makeready_hooks import Capability
from makeready_hooks.model.submission import FindResult, MisOrder
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, save_settings, settle, states

PLACED = datetime(2026, 3, 2, 9, 15, tzinfo=UTC).timestamp()
"""When the invented orders are placed."""
BEFORE, LEDGER = f"{NORTHFIELD}/before-start", "/ledger"
ALL = ("orders", "products", "stock", "write-back")
"""What a stopped ledger holds up."""


async def look(bench: Bench, *numbers: str) -> None:
    await ask_to_look(bench, *numbers)
    await settle(bench)


@pytest.fixture
async def day_one(bench: Bench) -> Bench:
    """Three orders from before our time; the last one became ready only after it."""
    bench.clock.now = PLACED + 3600
    now = await bench.installation.subscriber("northfield")
    given = export(bench.installation, now)
    await save(bench.installation, [await propose(bench.installation, "northfield", given)])
    bench.shop.orders |= {number: order(number) for number in ("7001", "7002")}
    bench.shop.orders["7003"] = order("7003", line(approved=False))
    await look(bench, "7001", "7002", "7003")
    bench.clock.now += 60
    bench.shop.orders["7003"] = order("7003")
    await look(bench, "7003")
    return bench


@pytest.fixture
async def ada(day_one: Bench, api: Api) -> Api:
    """Her token is of today."""
    return api.as_(await token(day_one, "ada-today"))


async def test_they_come_page_by_page_with_their_reasons(day_one: Bench, ada: Api) -> None:
    first = await ada.get(BEFORE, limit=2)
    second = await ada.get(BEFORE, limit=2, cursor=first["next_cursor"])
    lines = [*first["lines"], *second["lines"]]
    assert (first["count"], second["next_cursor"]) == (3, None)
    assert [one["order"] for one in lines] == ["7003", "7001", "7002"]
    assert {one["state"] for one in lines} == {"before_start"}
    assert "nobody else can have sent it" in lines[0]["reason"]


@pytest.mark.parametrize(
    ("chosen", "sent"),
    [
        ({"orders": ["7001"]}, ["7001"]),
        ({"ready_after": True}, ["7003"]),
        ({"ready_after": True, "orders": ["7001"]}, []),
        ({}, ["7001", "7002", "7003"]),
    ],
)
async def test_they_are_counted_then_included(
    day_one: Bench, ada: Api, chosen: dict[str, Any], sent: list[str]
) -> None:
    counted = await ada.post(f"{BEFORE}/include", body={**chosen, "dry_run": True})
    assert counted == {"count": len(sent)}
    await settle(day_one)
    assert day_one.mis.received == []
    assert await ada.post(f"{BEFORE}/include", body=chosen) == counted
    await settle(day_one)
    assert sorted(one.key for one in day_one.mis.received) == [f"{number}-1" for number in sent]


async def test_they_are_dismissed(day_one: Bench, ada: Api) -> None:
    body = {"orders": ["7001", "404"]}
    assert await ada.post(f"{BEFORE}/dismiss", body={**body, "dry_run": True}) == {"count": 1}
    assert await ada.post(f"{BEFORE}/dismiss", body=body) == {"count": 1}
    assert [await states(day_one, one) for one in ("7001", "7002")] == [["ignored"], ["before_start"]]
    history = (await ada.get(f"{NORTHFIELD}/orders/7001"))["history"]
    assert "ada-today" in [one["actor"] for one in history]


async def test_a_rehearsal_reads_and_tells(day_one: Bench, ada: Api) -> None:
    day_one.mis.can = frozenset({Capability.FIND_SUBMITTED_ORDER})
    await save_settings(day_one)
    day_one.mis.shown["7001-1"] = FindResult(order=MisOrder(id="77", number="SO-77"))
    told = await ada.get(f"{NORTHFIELD}/rehearsal", days=2)
    by_order = {one["order"]: one for one in told["lines"]}
    assert (told["orders"], told["asked_mis"]) == (3, True)
    assert told["counts"] == {"already in the MIS": 1, "before our time": 2}
    assert by_order["7001"]["mis_number"] == "SO-77"
    assert by_order["7002"]["payload"]["key"] == "7002-1"
    assert day_one.mis.received == []
    for odd in (0, 91, "x"):
        assert (await ada.get(f"{NORTHFIELD}/rehearsal", 422, days=odd))["field"] == "days"


async def test_who_only_reads_decides_nothing(day_one: Bench, ada: Api) -> None:
    reader = ada.as_(await token(day_one, "reader", read_only=True))
    await reader.get(BEFORE)
    await reader.get(f"{NORTHFIELD}/rehearsal")
    await reader.get(f"{NORTHFIELD}/pauses")
    for what in ("include", "dismiss"):
        await reader.post(f"{BEFORE}/{what}", 403, {"dry_run": True})
        await reader.post(f"{BEFORE}/{what}", 403, {})
    await reader.post(f"{NORTHFIELD}/pauses", 403, {"flows": ["orders"], "reason": "mine"})
    assert (await reader.get(BEFORE))["count"] == 3


async def test_another_company_sees_nothing(day_one: Bench, ada: Api) -> None:
    other = replace(
        await day_one.installation.subscriber("northfield"),
        name="eastgate",
        external_user_id=118,
        url_token="other",
    )
    await day_one.installation.store.subscribers.save([other])
    foreign = ada.as_(await token(day_one, "otto", "eastgate"))
    assert (await foreign.get("/subscribers/eastgate/before-start"))["count"] == 0
    assert await foreign.post("/subscribers/eastgate/before-start/dismiss", body={}) == {"count": 0}
    for path in (BEFORE, f"{NORTHFIELD}/rehearsal", f"{NORTHFIELD}/pauses"):
        assert (await foreign.get(path, 404))["field"] == "subscriber"
    assert await states(day_one, "7001") == ["before_start"]


# Pauses


async def test_a_pause_is_told_and_ended(bench: Bench, api: Api) -> None:
    pauses = f"{NORTHFIELD}/pauses"
    begun = await api.post(pauses, body={"flows": ["orders", "stock"], "reason": "Stocktaking."})
    assert [(one["flow"], one["reason"], one["actor"]) for one in begun["pauses"]] == [
        ("orders", "Stocktaking.", "ada"),
        ("stock", "Stocktaking.", "ada"),
    ]
    assert await api.get(pauses) == begun
    ended = await api.post(f"{pauses}/end", body={"flows": ["orders"]})
    assert [one["flow"] for one in ended["pauses"]] == ["stock"]
    await api.post(f"{pauses}/end", 409, {"flows": ["orders"]})
    await api.post(pauses, 422, {"flows": [], "reason": "none"})


# The ledger


@pytest.fixture
async def operator(bench: Bench, api: Api) -> Api:
    return api.as_(await token(bench, "olga", "", operator=True))


@pytest.fixture
async def copied(bench: Bench) -> Bench:
    """A state file that came here without its witness."""
    await check_in.check_in(bench.installation)
    witness = bench.installation.witness
    assert isinstance(witness, WitnessFile)
    witness.path.unlink()
    await check_in.check_in(bench.installation)
    return bench


async def test_an_untouched_ledger_has_no_break(operator: Api) -> None:
    assert await operator.get(LEDGER) == {"stopped": [], "breaks": [], "next_cursor": None}


async def test_a_copied_one_stands_still_until_somebody_takes_over(copied: Bench, operator: Api) -> None:
    told = await operator.get(LEDGER)
    assert told["stopped"] == list(ALL)
    [broken] = told["breaks"]
    assert (broken["kind"], broken["actor"]) == ("copied", "makeready")
    assert "test.db.witness" in broken["cause"]
    taken = await operator.post(f"{LEDGER}/take-over")
    assert taken["stopped"] == []
    assert [one["kind"] for one in taken["breaks"]] == ["taken over", "copied"]
    assert taken["breaks"][0]["actor"] == "olga"
    refusal = await operator.post(f"{LEDGER}/take-over", 409)
    assert "nothing to take over" in refusal["detail"]


async def test_what_was_not_noticed_is_said(operator: Api) -> None:
    await operator.post(f"{LEDGER}/mark-restored", 422, {"reason": ""})
    for reason in ("first", "second", "third"):
        told = await operator.post(f"{LEDGER}/mark-restored", body={"reason": reason})
    assert [one["cause"] for one in told["breaks"]] == ["third", "second", "first"]
    page = await operator.get(LEDGER, limit=2)
    rest = await operator.get(LEDGER, limit=2, cursor=page["next_cursor"])
    assert [one["cause"] for one in (*page["breaks"], *rest["breaks"])] == ["third", "second", "first"]
    assert rest["next_cursor"] is None


async def test_the_ledger_is_for_operators(copied: Bench, api: Api) -> None:
    """Neither who may change a company, nor who may change all of them, nor an operator who only reads."""
    readers = await token(copied, "auditor", "", operator=True, read_only=True)
    for text in (api.token, await token(copied, "everybody", "")):
        await api.as_(text).get(LEDGER, 403)
        await api.as_(text).post(f"{LEDGER}/take-over", 403)
        await api.as_(text).post(f"{LEDGER}/mark-restored", 403, {"reason": "mine"})
    await api.as_(readers).get(LEDGER)
    await api.as_(readers).post(f"{LEDGER}/take-over", 403)
    await api.as_(readers).post(f"{LEDGER}/mark-restored", 403, {"reason": "mine"})
    assert await check_in.stopped(copied.installation)
    assert len(await copied.installation.store.lives.breaks()) == 1
