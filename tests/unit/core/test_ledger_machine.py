"""The ledger against a small model of it: whatever is asked in whatever order, they agree."""

import asyncio

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from makeready.simulation.database import MortalDatabase
from makeready.simulation.fate import Fate, Odds
from makeready.store import Store
from makeready.store.ledger import LineVerdict, SeenOrder
from makeready.store.moves import Cause
from makeready.store.states import LineState

S = LineState
SUBSCRIBER, NUMBER = "northfield", "6994"
LINES = st.integers(1, 2)
LOOKS = st.sampled_from([S.WAITING, S.READY, S.IGNORED, S.CANCELLED])
A_LOOK_MAY_CHANGE = {S.SEEN, S.WAITING, S.READY, S.IGNORED, S.CANCELLED}
MOVES = {
    S.SEEN: {S.WAITING, S.READY, S.IGNORED, S.CANCELLED},
    S.WAITING: {S.READY, S.IGNORED, S.CANCELLED},
    S.READY: {S.WAITING, S.SUBMITTING, S.REFUSED, S.PARKED, S.IGNORED, S.CANCELLED},
    S.SUBMITTING: {S.ACCEPTED, S.REFUSED, S.IN_DOUBT, S.READY},
    S.IN_DOUBT: {S.ACCEPTED, S.READY, S.PARKED},
    S.REFUSED: {S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED},
    S.PARKED: {S.READY, S.IGNORED, S.ACCEPTED, S.CANCELLED},
    S.IGNORED: {S.WAITING, S.READY},
    S.CANCELLED: {S.WAITING, S.READY},
    S.ACCEPTED: set(),
}


class LedgerMachine(RuleBasedStateMachine):
    """Two lines of one order, each a submission of its own once it was ready."""

    def __init__(self) -> None:
        super().__init__()
        fate = Fate(0, Odds())
        fate.quiet = True
        self.loop = asyncio.new_event_loop()
        self.store = Store(MortalDatabase(fate))
        self.model: dict[int, LineState] = {}
        self.held: set[int] = set()
        self.given: set[int] = set()
        self.attempts: dict[int, int] = {}
        self.now = 1.0

    def do(self, coroutine):
        self.now += 1
        return self.loop.run_until_complete(coroutine)

    def cause(self) -> Cause:
        return Cause("because", self.now)

    def submission(self, line: int):
        return self.do(self.store.ledger.submission(SUBSCRIBER, f"{NUMBER}-{line}"))

    @rule(line=LINES, state=LOOKS)
    def look(self, line: int, state: LineState) -> None:
        key = f"{NUMBER}-{line}" if state is S.READY else ""
        verdict = LineVerdict(
            line=line, product_id="1", description="", quantity=1, state=state, submission=key
        )
        seen = SeenOrder(site="shop.example", placed_at=1.0)
        looking = self.store.ledger.record_look(
            SUBSCRIBER, NUMBER, seen, [verdict], cause=self.cause(), submit_kind="submit"
        )
        self.do(looking)
        before = self.model.setdefault(line, S.SEEN)
        free = before in A_LOOK_MAY_CHANGE and line not in self.held
        if free and state in MOVES[before]:
            self.model[line] = state
            if state is S.READY:
                self.given.add(line)
            else:
                self.given.discard(line)

    @rule(line=LINES)
    def begin(self, line: int) -> None:
        if (submission := self.submission(line)) is None:
            return
        begun = self.do(
            self.store.ledger.begin(
                submission, payload=b"{}", payload_hash="h", environment="test", quiet_until=0.0, at=self.now
            )
        )
        assert begun == (line in self.given and self.model[line] is S.READY)
        if begun:
            self.model[line] = S.SUBMITTING
            self.attempts[line] = self.attempts.get(line, 0) + 1

    @rule(line=LINES)
    def accept(self, line: int) -> None:
        if (submission := self.submission(line)) is None:
            return
        accepted = self.do(
            self.store.ledger.accept(
                submission, mis_id="1", mis_number="SO", cause=self.cause(), next_kinds=["mark"]
            )
        )
        assert accepted == (self.model[line] in {S.SUBMITTING, S.IN_DOUBT, S.PARKED, S.REFUSED})
        if accepted:
            self.model[line] = S.ACCEPTED

    @rule(line=LINES, data=st.data(), held=st.booleans())
    def move(self, line: int, data: st.DataObject, held: bool) -> None:
        """Mostly a move that is allowed; now and then any other."""
        submission = self.submission(line)
        if submission is None:
            return
        before = data.draw(st.just(self.model[line]) | st.sampled_from(list(S)))
        after = data.draw(st.sampled_from(sorted(MOVES[before]) or list(S)) | st.sampled_from(list(S)))
        if before is after:
            return
        moving = self.store.ledger.move(submission, (before,), after, self.cause(), held=held)
        allowed = self.model[line] is before and after in MOVES[before]
        try:
            assert self.do(moving) == allowed
        except Exception as exc:
            assert "illegal change" in str(exc), exc
            assert self.model[line] is before
            assert not allowed
            return
        if allowed:
            self.model[line] = after
            self.held.discard(line)
            if held:
                self.held.add(line)

    @invariant()
    def states_agree(self) -> None:
        lines = self.do(self.store.ledger.of_order(SUBSCRIBER, NUMBER))
        assert {line.line: line.state for line in lines} == self.model

    @invariant()
    def every_history_is_a_chain_of_legal_moves(self) -> None:
        last: dict[int, str] = {}
        for row in self.do(self.store.ledger.history(SUBSCRIBER, NUMBER)):
            assert row.from_state == last.get(row.line, "")
            assert not row.from_state or row.to_state in MOVES[S(row.from_state)] | {row.from_state}
            last[row.line] = row.to_state
        assert last == self.model

    @invariant()
    def every_attempt_is_kept(self) -> None:
        for line, count in self.attempts.items():
            assert len(self.do(self.store.ledger.attempts(SUBSCRIBER, f"{NUMBER}-{line}"))) == count

    def teardown(self) -> None:
        self.store.close()
        self.loop.close()


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
