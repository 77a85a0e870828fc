"""The ledger against a small model of it: whatever is asked in whatever order, they agree."""

import asyncio
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from makeready.engine.model import NewWork
from makeready.orders.model import (
    Cause,
    Departure,
    FarEnd,
    LineDecision,
    LineState,
    OrderIdentity,
    ReadingKey,
    SeenOrder,
    Submission,
)
from makeready.orders.store import ledger
from makeready.orders.store import observations as looks
from makeready.stores import Store
from makeready_hooks.model.submission import AcceptedOrder
from makeready_lab.simulation.database import MortalDatabase
from makeready_lab.simulation.faults import Fate, Odds
from msgspec import Struct
from msgspec.structs import replace
from queued import claim, finish

pytestmark = pytest.mark.long

S = LineState
SUBSCRIBER = "northfield"
BY_LINE, TOGETHER = "6994", "7001"  # how the lines of each go
RARELY = st.sampled_from([False, False, False, True])
LOOKS = st.sampled_from(
    [S.READY, S.READY, S.READY, S.READY, S.WAITING, S.BEFORE_START, S.IGNORED, S.CANCELLED]
)
SEEN = st.dictionaries(st.integers(1, 2), LOOKS, min_size=1)
FREE = {S.SEEN, S.WAITING, S.BEFORE_START, S.READY, S.IGNORED, S.CANCELLED}
MAY_HAVE_ARRIVED = {S.READY, S.SUBMITTING, S.IN_DOUBT, S.PARKED, S.REFUSED}
VERDICT = LineDecision(line=0, product_id="1", description="", quantity=1, state=S.SEEN)
PLACED = SeenOrder(site="shop.example", placed_at=1.0)
MOVES = {
    S.SEEN: {S.WAITING, S.BEFORE_START, S.READY, S.PARKED, S.IGNORED, S.CANCELLED},
    S.WAITING: {S.BEFORE_START, S.READY, S.PARKED, S.IGNORED, S.CANCELLED},
    S.BEFORE_START: {S.WAITING, S.READY, S.PARKED, S.IGNORED, S.CANCELLED},
    S.READY: {
        *(S.WAITING, S.BEFORE_START, S.SUBMITTING, S.ACCEPTED),
        *(S.REFUSED, S.PARKED, S.IGNORED, S.CANCELLED),
    },
    S.SUBMITTING: {S.ACCEPTED, S.REFUSED, S.IN_DOUBT, S.READY},
    S.IN_DOUBT: {S.ACCEPTED, S.READY, S.PARKED},
    S.REFUSED: {S.BEFORE_START, S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED},
    S.PARKED: {S.BEFORE_START, S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED},
    S.IGNORED: {S.WAITING, S.BEFORE_START, S.READY},
    S.CANCELLED: {S.WAITING, S.BEFORE_START, S.READY},
    S.ACCEPTED: {S.BEFORE_START, S.REFUSED, S.PARKED, S.CANCELLED},
}


class Line(Struct, kw_only=True):
    """What the model knows of a line."""

    order: str
    number: int
    state: LineState = S.SEEN
    key: str = ""
    decided_by_person: bool = False


class LedgerMachine(RuleBasedStateMachine):
    """Looks, fresh and late; sending; answers; decisions, legal and not; with what was read some time ago."""

    def __init__(self) -> None:
        super().__init__()
        fate = Fate(0, Odds())
        fate.quiet = True
        self.loop = asyncio.new_event_loop()
        self.store = Store(MortalDatabase(fate))
        self.lines: dict[tuple[str, int], Line] = {}
        self.keys: set[str] = set()
        self.read: list[Submission] = []
        self.accepted: dict[tuple[str, int], str] = {}
        self.left: dict[str, list[bytes]] = {}
        self.now = 1.0

    def do(self, coroutine):
        self.now += 1
        return self.loop.run_until_complete(coroutine)

    def cause(self) -> Cause:
        return Cause("because", self.now)

    def given(self) -> list[str]:
        return sorted({line.key for line in self.lines.values() if line.key})

    def of(self, key: str) -> list[Line]:
        return [line for line in self.lines.values() if line.key == key]

    def key_for(self, order: str, number: int) -> str:
        """Its own if it has one, else one that was never given."""
        if order == BY_LINE:
            return f"{order}-{number}"
        known = self.lines.get((order, number))
        count = sum(key.startswith(order) for key in self.keys)
        return known.key if known and known.key else f"{order}-S{count + 1}"

    @rule(order=st.sampled_from([BY_LINE, TOGETHER, TOGETHER]), seen=SEEN)
    def look(self, order: str, seen: dict[int, LineState]) -> None:
        keys = {number: self.key_for(order, number) for number in seen}
        self.take_in(order, seen, keys)

    @precondition(lambda self: any(key.startswith(TOGETHER) for key in self.keys))
    @rule(data=st.data(), seen=SEEN)
    def late_look(self, data: st.DataObject, seen: dict[int, LineState]) -> None:
        """One that was judged before others were taken in: its key may be of what has left by now."""
        key = data.draw(st.sampled_from(sorted(key for key in self.keys if key.startswith(TOGETHER))))
        self.take_in(TOGETHER, seen, dict.fromkeys(seen, key))

    def take_in(self, order: str, seen: dict[int, LineState], keys: dict[int, str]) -> None:
        decisions = [
            replace(VERDICT, line=number, state=state, submission=keys[number] if state is S.READY else "")
            for number, state in seen.items()
        ]
        self.do(
            self.store.ledger.record_observation(
                SUBSCRIBER,
                OrderIdentity(order, "", ""),
                PLACED,
                decisions,
                reading=ReadingKey(1, ""),
                cause=self.cause(),
                submit_kind="submit",
            )
        )
        for decision in decisions:
            line = self.lines.setdefault((order, decision.line), Line(order=order, number=decision.line))
            self.expect_look(line, decision)

    def expect_look(self, line: Line, decision: LineDecision) -> None:
        if line.decided_by_person or line.state not in FREE:
            return
        given_away = line.state is decision.state is S.READY and decision.submission != line.key
        if decision.state not in MOVES[line.state] and not given_away:
            return
        if any(one.state is not S.READY for one in self.of(decision.submission) if decision.submission):
            return  # its submission has left without it
        line.state, line.key = decision.state, decision.submission
        self.keys.update(filter(None, [line.key]))

    def one(self, data: st.DataObject) -> Submission:
        """Mostly as it is; now and then as it was read some time ago, when it may be true no more."""
        if self.read and data.draw(st.integers(0, 5)) == 5:
            return data.draw(st.sampled_from(self.read))
        key = data.draw(st.sampled_from(self.given()))
        found = self.do(self.store.ledger.submission(SUBSCRIBER, key))
        assert found.lines == tuple(sorted(line.number for line in self.of(key)))
        self.read.append(found)
        return found

    @precondition(lambda self: self.given())
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.leave(self.one(data))

    def leave(self, one: Submission) -> None:
        payload = one.payload or b"lines %r" % (one.lines,)
        begun = self.do(
            self.store.ledger.begin(
                one,
                Departure(
                    payload=payload,
                    payload_hash="h",
                    order=b"",
                    far_end=FarEnd("mis", "test", ""),
                    reading=ReadingKey(1, ""),
                    quiet_until=0.0,
                    at=self.now,
                ),
            )
        )
        ready = [line for line in self.of(one.key) if line.state is S.READY]
        assert (begun is not None) == ({line.number for line in ready} == set(one.lines))
        if begun is not None:
            assert payload == b"lines %r" % (one.lines,), "other lines than these leave"
            self.left.setdefault(one.key, []).append(payload)
            for line in ready:
                line.state, line.decided_by_person = S.SUBMITTING, False

    @precondition(lambda self: self.given())
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        one = self.one(data)
        accepting = self.store.ledger.accept(
            one, accepted=AcceptedOrder(id="1", number="SO"), cause=self.cause(), next_kinds=["mark"]
        )
        there = [line for line in self.of(one.key) if line.state in MAY_HAVE_ARRIVED]
        assert self.do(accepting) == bool(there)
        for line in there:
            line.state, line.decided_by_person = S.ACCEPTED, False
            assert (line.order, line.number) not in self.accepted
            self.accepted[line.order, line.number] = line.key

    @precondition(lambda self: self.given())
    @rule(data=st.data(), decided_by_person=RARELY, map_anew=st.booleans())
    def move(self, data: st.DataObject, decided_by_person: bool, map_anew: bool) -> None:
        """Mostly a move that is allowed; now and then any other."""
        one = self.one(data)
        actual = next((line.state for line in self.of(one.key)), S.SEEN)
        before = data.draw(st.just(actual) | st.sampled_from(list(S)))
        after = data.draw(st.sampled_from(sorted(MOVES[before]) or list(S)) | st.sampled_from(list(S)))
        if before is not after:
            self.try_to_move(one, before, after, decided_by_person=decided_by_person, map_anew=map_anew)

    @precondition(lambda self: self.given())
    @rule(data=st.data())
    def leave_in_vain(self, data: st.DataObject) -> None:
        """The MIS certainly does not have it: the same bytes are to be sent again."""
        one = self.one(data)
        self.leave(one)
        self.try_to_move(one, S.SUBMITTING, S.READY)

    def try_to_move(
        self,
        one: Submission,
        before: LineState,
        after: LineState,
        *,
        decided_by_person: bool = False,
        map_anew: bool = False,
    ) -> None:
        decided_by_person = decided_by_person or after in FREE - {
            S.READY
        }  # only a person puts aside what was given
        work = NewWork(subscriber=SUBSCRIBER, kind="submit", key=one.key, due_at=self.now)
        moving = self.store.ledger.move(
            one,
            (before,),
            after,
            self.cause(),
            decided_by_person=decided_by_person,
            map_anew=map_anew,
            work=[work],
        )
        found = [line for line in self.of(one.key) if line.state is before]
        if found and after not in MOVES[before]:
            with pytest.raises(Exception, match="illegal change"):
                self.do(moving)
            return
        assert self.do(moving) == bool(found)
        for line in found:
            line.state, line.decided_by_person = after, decided_by_person
            self.accepted.pop((line.order, line.number), None)  # a person's, or a refusal after the yes
            if after is S.ACCEPTED:
                self.accepted[line.order, line.number] = line.key

    @rule()
    def finish_what_is_not_ready(self) -> None:
        """As the engine does with work that finds nothing to send."""
        for work in self.asked_for():
            if all(line.state is not S.READY for line in self.of(work.key)):
                self.do(finish(self.store.work, work, owner="we", now=self.now))

    def asked_for(self) -> list[Any]:
        claiming = claim(self.store.work, now=self.now, owner="we", lease_s=0.0, limit=99, kind="submit")
        return self.do(claiming)

    def rows(self) -> dict[tuple[str, int], Any]:
        both = [self.do(self.store.ledger.of_order(SUBSCRIBER, order)) for order in (BY_LINE, TOGETHER)]
        return {(row.order_number, row.line): row for rows in both for row in rows}

    @invariant()
    def lines_agree_and_what_was_accepted_stays(self) -> None:
        rows = self.rows()
        assert {at: (row.state, row.submission, row.decided_by_person) for at, row in rows.items()} == {
            at: (line.state, line.key, line.decided_by_person) for at, line in self.lines.items()
        }
        for at, key in self.accepted.items():
            assert (rows[at].state, rows[at].submission) == (S.ACCEPTED, key)

    @invariant()
    def the_lines_of_a_submission_are_together(self) -> None:
        states: dict[str, set[str]] = {}
        for row in self.rows().values():
            states.setdefault(row.submission, set()).add(row.state)
        assert all(len(found) == 1 for key, found in states.items() if key), states

    @invariant()
    def every_history_is_a_chain_of_legal_moves(self) -> None:
        last: dict[tuple[str, int], str] = {}
        for order in (BY_LINE, TOGETHER):
            for row in self.do(self.store.ledger.history(SUBSCRIBER, order)):
                before = last.get((order, row.line), "")
                assert row.from_state == before
                assert not before or row.to_state in MOVES[S(before)] | {before}
                last[order, row.line] = row.to_state
        assert last == {at: line.state for at, line in self.lines.items()}

    @invariant()
    def what_is_ready_will_be_sent(self) -> None:
        ready = {line.key for line in self.lines.values() if line.state is S.READY}
        assert ready <= {work.key for work in self.asked_for()}

    @invariant()
    def every_attempt_is_kept(self) -> None:
        for key, payloads in self.left.items():
            kept = self.do(self.store.ledger.attempts(SUBSCRIBER, key))
            assert [one.payload for one in kept] == payloads

    def teardown(self) -> None:
        self.store.close()
        self.loop.close()


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=100, stateful_step_count=30)


BUGS: dict[str, tuple[Any, str, Any]] = {
    "a look changes what was sent": (looks, "UNSENT", frozenset(S)),
    "a line joins what has left": (looks, "_may_join", lambda *_: True),
    "what is sent again holds lines that were withdrawn": (looks, "discard_payload", lambda *_: None),
    "a look overrules a person": (
        looks,
        "_may_change",
        lambda state, decision, _: decision.state in MOVES[state] & FREE,
    ),
    "the history is not written": (looks, "note", lambda *_: None),
    "no work is asked for": (ledger, "enqueue", lambda *_: None),
}


@pytest.mark.parametrize("bug", BUGS)
def test_the_machine_finds_a_bug_that_is_planted(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, planted = BUGS[bug]
    monkeypatch.setattr(module, name, planted)
    found_only = settings(
        TestLedger.settings, max_examples=2000, database=None, phases=[Phase.generate], derandomize=True
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(LedgerMachine, settings=found_only)
