"""A doubt is asked of the MIS that it left for, and of no other, whatever is configured meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from makeready.extensions import installed
from makeready.orders import by_hand, decisions
from makeready.subscribers.changes import export, propose, save
from makeready.subscribers.model import Subscriber
from makeready_admin.settings import drafts
from makeready_hooks import ConnectorContext, ConnectorType, Role, hookimpl
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Order
from makeready_hooks.model.submission import FindResult, MisOrder
from pretend import Bench, Mis, PretendSettings, order
from steps import ask_to_look, settle, states, took_before

QUIET_S = 91
NOT_THERE = FindResult(certain=True)


async def now(bench: Bench) -> Subscriber:
    return await bench.installation.subscriber("northfield")


async def change(bench: Bench, **settings: Any) -> None:
    """A change of settings as pages, API and commands make it."""
    given = {**export(bench.installation, await now(bench)), **settings}
    await save(bench.installation, [await propose(bench.installation, "northfield", given)])


async def force(bench: Bench, given: Mapping[str, Any]) -> None:
    """The same settings in the file without anybody's asking, as an earlier release let it happen."""
    proposal = await propose(bench.installation, "northfield", given)
    await bench.installation.store.subscribers.save([proposal.subscriber])


def mis_at(bench: Bench, **settings: Any) -> dict[str, Any]:
    """The connectors with other settings of the MIS."""
    given = export(bench.installation, bench.subscriber)["connectors"]
    return {**given, "mis": {**given["mis"], **settings}}


async def doubts(bench: Bench, *numbers: str) -> None:
    bench.shop.orders |= {number: order(number) for number in numbers}
    bench.mis.trouble = [OutcomeUnknown("the connection was cut") for _ in numbers]
    await ask_to_look(bench, *numbers)
    await settle(bench)
    for number in numbers:
        assert await states(bench, number) == ["in_doubt"]


class Counting(Mis):
    """Notes what it is asked for."""

    def __init__(self, answer: FindResult = NOT_THERE) -> None:
        super().__init__()
        self.asked_for: list[str] = []

        def find(key: str) -> FindResult:
            self.asked_for.append(key)
            return answer

        self.find: Callable[[str], FindResult] = find


def add_mis(bench: Bench, name: str, mis: Mis) -> None:
    """One more kind of MIS is installed."""

    def build(settings: PretendSettings, context: ConnectorContext) -> object:
        return mis

    kinds: Any = bench.installation.kinds
    kinds[name] = ConnectorType(
        name=name,
        title=name,
        role=Role.MIS,
        settings=PretendSettings,
        build=build,
        far_end=lambda settings: f"port {settings.port}",
    )


@pytest.mark.parametrize("what", ["environment", "address", "gone"])
async def test_a_change_of_settings_that_would_orphan_doubts_is_refused_with_their_count(
    bench: Bench, what: str
) -> None:
    await doubts(bench, "6994", "6995", "6996")
    changes: dict[str, dict[str, Any]] = {
        "environment": {"environment": "test"},
        "address": {"connectors": mis_at(bench, port=2)},
        "gone": {"connectors": {"shop": mis_at(bench)["shop"]}},
    }
    before = await now(bench)
    with pytest.raises(Refused) as refused:
        await change(bench, **changes[what])
    assert str(refused.value).startswith(
        "3 orders (6994-1, 6995-1, 6996-1) may have reached mis at port 1 (live) without our knowing"
    )
    assert "accepted" in refused.value.fix
    assert await now(bench) == before


async def test_a_secret_a_user_and_a_rule_can_be_changed_in_spite_of_doubts(bench: Bench) -> None:
    await doubts(bench, "6994")
    await change(bench, connectors=mis_at(bench, password="another", user="another"), title="New")
    bench.mis.find = lambda key: FindResult(order=MisOrder(id="7"), certain=True)
    bench.clock.now += QUIET_S
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def test_what_has_long_been_settled_holds_no_change_up(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    await change(bench, environment="test")
    assert (await now(bench)).environment == "test"


async def test_an_undo_that_would_orphan_doubts_is_refused(bench: Bench) -> None:
    await change(bench, environment="test")
    await doubts(bench, "6994")
    [made] = await bench.installation.store.subscribers.changes("northfield", 1)
    draft = await drafts.undo_draft(bench.installation, await now(bench), made.id)
    with pytest.raises(Refused, match="1 order "):
        await drafts.save_draft(bench.installation, draft, "mia")


@pytest.mark.parametrize("what", [{"environment": "test"}, {"port": 2}])
async def test_a_doubt_of_another_far_end_waits_is_told_and_goes_on_when_the_settings_come_back(
    bench: Bench, what: dict[str, Any]
) -> None:
    await took_before(bench)
    await doubts(bench, "6994")
    bench.mis.received.clear()
    right = export(bench.installation, await now(bench))
    elsewhere = what if "environment" in what else {"connectors": mis_at(bench, **what)}
    await force(bench, {**right, **elsewhere})
    asked: list[str] = []

    def find(key: str) -> FindResult:
        asked.append(key)
        return NOT_THERE

    bench.mis.find = find
    bench.clock.now += QUIET_S
    await settle(bench)
    assert (asked, bench.mis.received, await states(bench)) == ([], [], ["in_doubt"])
    [stuck] = await bench.installation.store.work.failing("northfield", list(installed().work_types))
    assert stuck.needs_person
    assert stuck.error.startswith(
        "It has left for mis at port 1 (live), and the settings do not lead there now"
    )
    assert (await bench.installation.store.attention.counts("northfield")).work == 1
    await change(bench, environment=right["environment"], connectors=right["connectors"])
    await settle(bench)
    assert asked == ["6994-1"]
    assert await states(bench) == ["accepted"]


async def test_a_title_can_be_changed_while_doubts_are_orphaned_already(bench: Bench) -> None:
    await doubts(bench, "6994")
    await force(bench, {**export(bench.installation, await now(bench)), "environment": "test"})
    await change(bench, title="New")
    assert (await now(bench)).title == "New"


async def test_what_is_to_be_sent_again_as_it_was_goes_nowhere_else(bench: Bench) -> None:
    await took_before(bench)
    await doubts(bench, "6994")
    bench.mis.received.clear()
    bench.mis.find = lambda key: NOT_THERE
    bench.mis.before_effect = [RetryLater("down", after_s=60)]
    bench.clock.now += QUIET_S
    await settle(bench)
    assert await states(bench) == ["ready"]
    with pytest.raises(Refused, match="1 order "):
        await change(bench, environment="test")
    right = export(bench.installation, await now(bench))
    await force(bench, {**right, "environment": "test"})
    bench.clock.now += 61
    await settle(bench)
    assert (bench.mis.received, await states(bench)) == ([], ["ready"])
    await change(bench, environment="live")
    await settle(bench)
    assert [one.key for one in bench.mis.received] == ["6994-1"]
    assert await states(bench) == ["accepted"]


async def test_what_was_refused_is_mapped_anew_and_may_go_to_another(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [Refused("no such customer")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    await change(bench, environment="test")
    decision = decisions.Decision(subscriber="northfield", key="6994-1", actor="mia")
    await decisions.send_again(bench.installation, decision)
    await settle(bench)
    assert await states(bench) == ["accepted"]
    sent = await bench.installation.store.ledger.submission("northfield", "6994-1")
    assert sent is not None
    assert (sent.connector, sent.environment, sent.far_end) == ("mis", "test", "port 1")


@pytest.mark.parametrize("name", ["a_mis", "z_mis"])
async def test_of_two_mis_only_the_one_that_it_left_for_is_asked(bench: Bench, name: str) -> None:
    await doubts(bench, "6994")
    other = Counting()
    add_mis(bench, name, other)
    given = mis_at(bench)
    await change(bench, connectors={**given, name: {"user": "u", "password": "other"}})
    bench.mis.find = lambda key: FindResult(order=MisOrder(id="7"), certain=True)
    bench.clock.now += QUIET_S
    await settle(bench)
    assert (other.asked_for, other.received) == ([], [])
    assert await states(bench) == ["accepted"]


async def test_a_resend_goes_to_the_one_of_two_mis_that_it_left_for(bench: Bench) -> None:
    await took_before(bench)
    await doubts(bench, "6994")
    bench.mis.received.clear()
    other = Counting()
    add_mis(bench, "z_mis", other)
    await change(bench, connectors={**mis_at(bench), "z_mis": {"user": "u", "password": "other"}})
    bench.mis.find = lambda key: NOT_THERE
    bench.clock.now += QUIET_S
    await settle(bench)
    assert [one.key for one in bench.mis.received] == ["6994-1"]
    assert other.received == []


async def test_a_person_can_end_a_doubt_of_an_mis_that_is_gone_for_good(bench: Bench) -> None:
    await doubts(bench, "6994", "6995")
    bench.clock.now += QUIET_S  # before that it may still arrive
    for key, decide in (("6994-1", decisions.ignore), ("6995-1", by_hand.accept_as)):
        decision = decisions.Decision(subscriber="northfield", key=key, actor="mia")
        await decide(bench.installation, decision, "SO-7")
    await change(bench, environment="test")
    assert await states(bench, "6994") == ["ignored"]
    assert await states(bench, "6995") == ["accepted"]


async def test_settings_that_change_while_an_order_is_prepared_are_those_that_it_leaves_by(
    bench: Bench,
) -> None:
    complete = bench.shop.read_order_details
    bench.shop.orders["6994"] = order("6994")

    class Slow:
        """Somebody saves other settings while the shop is asked for the files."""

        done = False

        @hookimpl
        async def read_order_details(
            self, order: Order, lines: tuple[int, ...], files_may_follow: bool
        ) -> Order:
            if not self.done:
                self.done = True
                await change(bench, environment="test")
            return await complete(order=order, lines=lines, files_may_follow=files_may_follow)

    slow = Slow()
    kinds: Any = bench.installation.kinds
    kinds["zz_slow"] = msgspec.structs.replace(
        kinds["shop"], name="zz_slow", role=Role.OBSERVER, build=lambda settings, context: slow
    )
    await change(bench, connectors={**mis_at(bench), "zz_slow": {"user": "u", "password": "p"}})
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (slow.done, bench.mis.received) == (True, [])
    bench.clock.now += 2
    await settle(bench)
    sent = await bench.installation.store.ledger.submission("northfield", "6994-1")
    assert sent is not None
    assert (sent.environment, sent.attempts) == ("test", 1)
