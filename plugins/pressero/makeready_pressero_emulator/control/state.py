"""Looking at the emulator and changing how it behaves."""

import re
from collections import Counter
from pathlib import Path

import msgspec
from msgspec import Struct

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Handler, Mark
from makeready_pressero_emulator.state.scenario import Scenario, read_scenario, shop_of
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer
from makeready_pressero_emulator.wire.members import strict

_ID = re.compile(r"(?<=/)(\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27})(?=/|$)")


async def show_state(call: Call) -> Answer:
    return json_answer(msgspec.to_builtins(call.shop))


async def reset(call: Call) -> Answer:
    """Back to the scenario. Switches stay as they are."""
    call.world.reset()
    return Answer(status=204)


async def show_switches(call: Call) -> Answer:
    return json_answer(call.world.switches.all())


async def set_switches(call: Call) -> Answer:
    """``{"name": "value"}``; the others stay."""
    given = call.json()
    if not isinstance(given, dict):
        raise ApiError(400, "Give an object of switches.")
    try:
        call.world.switches.set({name: str(value) for name, value in given.items()})
    except ValueError as error:
        raise ApiError(400, str(error)) from error
    return json_answer(call.world.switches.all())


async def show_journal(call: Call) -> Answer:
    """All entries, or those after ``?after=n``."""
    after = call.query.get("after", "0")
    if not after.isdecimal():
        raise ApiError(400, "after is a number.")
    return json_answer(list(call.world.journal.after(int(after))))


async def count_calls(call: Call) -> Answer:
    """How often each call of the API was asked for, ids left out: ``{"PUT /api/v2/Orders/*/Item/*": 12}``."""
    calls = (one for one in call.world.journal.entries if one.path.lower().startswith("/api/"))
    return json_answer(Counter(f"{one.method} {_ID.sub('*', one.path)}" for one in calls))


class Advance(Struct, frozen=True):
    seconds: float


async def advance_clock(call: Call) -> Answer:
    """``{"seconds": 11}`` moves the emulator's time forward."""
    seconds = strict(call.body, Advance).seconds
    if seconds < 0:
        raise ApiError(400, "Time goes forward.")
    call.world.clock.advance(seconds)
    return Answer(status=204)


async def wait_until_idle(call: Call) -> Answer:
    """Answers when nothing is under way any more: webhooks, late effects, late files."""
    await call.world.idle()
    return Answer(status=204)


async def load_scenario(call: Call) -> Answer:
    """``{"path": …}`` of a TOML or JSON file, or ``{"scenario": {…}}`` itself."""
    given = call.json() or {}
    try:
        if given.get("path"):
            shop = read_scenario(Path(given["path"]))
        else:
            shop = shop_of(msgspec.convert(given.get("scenario"), Scenario))
    except (OSError, ValueError) as error:
        raise ApiError(400, f"The scenario cannot be used: {error}") from error
    call.world.start_with(shop)
    call.effect("scenario-loaded")
    return Answer(status=204)


def _own(verb: str, path: str, does: str, handler: Handler) -> Endpoint:
    return Endpoint(verb=verb, path=path, mark=Mark.OWN, does=does, handler=handler, token=False)


ENDPOINTS = (
    _own("GET", "/_emulator/state", "The whole state.", show_state),
    _own("POST", "/_emulator/reset", "Start again with the scenario.", reset),
    _own("GET", "/_emulator/switches", "All switches.", show_switches),
    _own("PUT", "/_emulator/switches", "Set switches.", set_switches),
    _own("GET", "/_emulator/journal", "Requests, answers and effects.", show_journal),
    _own("GET", "/_emulator/calls", "How often each call of the API was asked for.", count_calls),
    _own("POST", "/_emulator/clock", "Move time forward.", advance_clock),
    _own("GET", "/_emulator/idle", "Wait until all is delivered.", wait_until_idle),
    _own("POST", "/_emulator/scenario", "Load a scenario.", load_scenario),
)
