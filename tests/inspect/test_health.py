"""Whether a connection works is what its own last calls say, of each kind of call, whoever made them."""

from collections.abc import Mapping

import pytest
from makeready.orders import by_hand, decisions
from makeready.outbound.client import Outbound
from makeready_hooks.errors import RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.setup import Check, State
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.alarms import alarms
from makeready_inspect.health import FORGOTTEN_S, Health, health_of
from noted import call
from plain_server import THIS_MACHINE, Server
from pretend import Bench, line, order
from steps import ask_to_look, settle, states

SIGN_IN = {"method": "GET", "path": "/api/authentication/GenerateAPIToken"}
SUBMIT = {"method": "POST", "path": "/api/orders/submit"}
AWAY = {"status": 0, "error": "mis.example cannot be reached (connection refused)."}


async def made(bench: Bench, at: float, **values: object) -> None:
    await bench.installation.store.calls.keep([call(bench.clock() + at, **{"connector": "mis", **values})])


async def health(bench: Bench) -> Mapping[str, Health]:
    subscriber = await bench.installation.subscriber("northfield")
    facts = await collect_inputs(bench.installation, subscriber)
    return {one.connector: one for one in health_of(bench.installation, subscriber, facts)}


async def test_before_any_call_a_connection_is_neither_well_nor_wrong(bench: Bench) -> None:
    found = (await health(bench))["mis"]
    assert (found.state, found.at) == (State.TO_DO, 0)
    assert found.text.startswith("Nothing was asked of it yet")
    await made(bench, 5, **SIGN_IN)
    found = (await health(bench))["mis"]
    assert (found.state, found.at) == (State.OK, bench.clock() + 5)
    assert (await health(bench))["shop"].state is State.TO_DO


async def test_a_dead_mis_is_wrong_since_its_first_failure_until_that_kind_of_call_goes_well(
    bench: Bench,
) -> None:
    await made(bench, 0, **SUBMIT)
    await made(bench, 10, **SUBMIT, **AWAY)
    await made(bench, 20, **SUBMIT, status=503)
    await made(bench, 30, **SIGN_IN)  # a person's press: the server is up, and takes no order
    found = (await health(bench))["mis"]
    assert (found.state, found.at) == (State.WRONG, bench.clock() + 10)
    assert found.text == "shop.example answers POST orders/submit with status 503."
    await made(bench, 40, **SUBMIT)
    found = (await health(bench))["mis"]
    assert (found.state, found.at) == (State.OK, bench.clock() + 40)


async def test_a_call_that_left_before_the_last_one_changes_nothing(bench: Bench) -> None:
    await made(bench, 20, **SUBMIT)
    await made(bench, 10, **SUBMIT, **AWAY)
    assert (await health(bench))["mis"].state is State.OK


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"status": 400}, State.OK),
        ({"status": 422}, State.OK),
        ({"status": 404}, State.TO_DO),
        ({"status": 429}, State.TO_DO),
        ({"status": 0, "error": "It was given up before an answer came."}, State.TO_DO),
        ({"status": 401}, State.WRONG),
        ({"status": 403}, State.WRONG),
        ({"status": 500}, State.WRONG),
        (AWAY, State.WRONG),
        ({"status": 200, "error": "Tharstern refuses the login."}, State.WRONG),
    ],
)
async def test_a_refusal_or_a_look_up_of_nothing_is_no_failed_connection(
    bench: Bench, values: dict[str, object], state: State
) -> None:
    await made(bench, 0, **values)
    assert (await health(bench))["mis"].state is state


async def test_ids_make_no_kinds_of_their_own(bench: Bench) -> None:
    await made(bench, 0, path="/api/v2/Orders/6994/Item/1", status=500)
    await made(bench, 1, path="/api/v2/Orders/87cd43ae-cb75/Item/2")
    assert (await health(bench))["mis"].state is State.OK


async def test_a_failure_that_nobody_repeats_for_a_day_while_others_go_well_is_forgotten(
    bench: Bench,
) -> None:
    await made(bench, 0, **SUBMIT, **AWAY)
    await made(bench, 60, **SIGN_IN)
    bench.clock.now += FORGOTTEN_S - 1
    assert (await health(bench))["mis"].state is State.WRONG
    bench.clock.now += 2
    assert (await health(bench))["mis"].state is State.OK


async def test_without_another_call_a_failure_stays_however_old_it_is(bench: Bench) -> None:
    await made(bench, 0, **SUBMIT, **AWAY)
    bench.clock.now += 3 * FORGOTTEN_S
    assert (await health(bench))["mis"].state is State.WRONG


async def test_what_a_connector_calls_a_refusal_is_a_failed_call_whatever_its_status(bench: Bench) -> None:
    def refused(answer: HttpAnswer) -> str:
        return "The login is refused." if answer.body == b"no" else ""

    outbound = Outbound(clock=bench.clock, reach=THIS_MACHINE, note=bench.installation.call_log.call)
    http = outbound.for_connector("northfield", "mis", None)
    for body, state in ((b"no", State.WRONG), (b"ok", State.OK)):
        async with Server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body) as server:
            await http.send(HttpRequest(method="GET", url=server.url, refusal=refused))
        await bench.installation.call_log.flush()
        assert (await health(bench))["mis"].state is state
    await outbound.aclose()


async def test_an_outage_goes_on_although_a_person_says_that_an_order_is_in_the_mis(bench: Bench) -> None:
    bench.mis.before_effect = [RetryLater("The MIS is away.", after_s=9000)]
    bench.shop.orders["6994"] = order("6994", line())
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6995"] = order("6995", line(part_number="117-9999"))
    await ask_to_look(bench, "6995")
    await settle(bench)
    assert await states(bench, "6995") == ["refused"]
    bench.clock.now += 1000
    said = decisions.Decision(subscriber="northfield", key="6995-1", actor="mia")
    await by_hand.accept_as(bench.installation, said, "SO-1")
    assert await states(bench, "6995") == ["accepted"]
    assert (await health(bench))["mis"].state is State.WRONG
    subscriber = await bench.installation.subscriber("northfield")
    facts = await collect_inputs(bench.installation, subscriber)
    assert "The MIS has not taken orders" in [one.title for one in alarms(subscriber, facts)]


@pytest.mark.parametrize(
    ("ok", "fix", "state"),
    [(True, "", State.OK), (True, "Press Make what is missing.", State.TO_DO), (False, "", State.WRONG)],
)
def test_a_finding_with_something_left_to_do_is_not_all_well(ok: bool, fix: str, state: State) -> None:
    assert Check(name="account", ok=ok, message="", fix=fix).state is state
