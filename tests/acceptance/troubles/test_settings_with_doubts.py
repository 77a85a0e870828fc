"""Settings of a company with orders in doubt, changed by the command as people do."""

import tomllib

import msgspec
import tomli_w
from makeready.installation import Installation
from makeready.orders.model import (
    Cause,
    Departure,
    FarEnd,
    LineDecision,
    LineState,
    OrderIdentity,
    ReadingKey,
    SeenOrder,
)
from makeready.subscribers.settings import far_end_of
from processes import run


async def leave_in_doubt(db, number: str) -> None:
    """An order that left for the MIS of today, and no answer came."""
    async with Installation.opened(db) as installation:
        subscriber = await installation.subscriber("northfield")
        ledger, cause = installation.store.ledger, Cause("the connection was cut", installation.clock())
        address = far_end_of(installation.kind("tharstern"), subscriber.connectors["tharstern"], "test")
        assert address
        line = LineDecision(
            line=1,
            product_id="2284",
            description="Opening kit",
            quantity=1,
            state=LineState.READY,
            submission=f"{number}-1",
        )
        seen = SeenOrder(site="shop.northfield.example", placed_at=cause.at)
        await ledger.record_observation(
            "northfield",
            OrderIdentity(number, "", ""),
            seen,
            [line],
            reading=ReadingKey(1, ""),
            cause=cause,
            submit_kind="none",
        )
        submission = await ledger.submission("northfield", f"{number}-1")
        assert submission
        departure = Departure(
            payload=b"{}",
            payload_hash="hash",
            order=b"",
            far_end=FarEnd("tharstern", "test", address),
            reading=ReadingKey(1, ""),
            quiet_until=cause.at + 90,
            at=cause.at,
        )
        assert await ledger.begin(submission, departure, installation.store.subscribers.is_still(subscriber))
        await ledger.move(submission, [LineState.SUBMITTING], LineState.IN_DOUBT, cause)


async def test_apply_refuses_what_would_orphan_doubts_and_takes_the_rest(site, tmp_path) -> None:
    for number in ("7000", "7001"):
        await leave_in_doubt(site.db, number)
    file = tmp_path / "subscribers.toml"
    given = tomllib.loads(file.read_text())
    northfield = given["subscribers"]["northfield"]
    test = northfield["connectors"]["tharstern"]["test"]
    northfield["connectors"]["tharstern"]["live"] = {**test, "server_url": "https://mis.northfield.example"}

    def apply():
        file.write_text(tomli_w.dumps(given))
        return run("subscriber", "apply", str(file), "--yes", db=site.db)

    assert apply().returncode == 0, "other settings for an environment that is not in use"
    northfield["environment"] = "live"
    refused = apply()
    assert refused.returncode == 4, refused.stdout + refused.stderr
    assert "2 orders (7000-1, 7001-1) may have reached tharstern at 127.0.0.1:" in refused.stderr
    northfield["environment"] = "test"
    northfield["connectors"]["tharstern"]["test"] = {
        **test,
        "server_url": f"{test['server_url']}/TharsternAPI/",
    }
    assert apply().returncode == 0, "the same server, written otherwise"
    for number in ("7000", "7001"):
        done = run(
            "orders", "ignore", "northfield", f"{number}-1", "--reason", "it was entered by hand", db=site.db
        )
        assert done.returncode == 0, done.stderr
    northfield["environment"] = "live"
    assert apply().returncode == 0
    async with Installation.opened(site.db) as installation:
        changed = await installation.subscriber("northfield")
    assert msgspec.to_builtins(changed)["environment"] == "live"
