"""One order line, its ledgers, shop and MIS as a small machine: every step that may come next, from any state.

Its moves are those of `makeready.orders.model.TRANSITIONS`. What decides between them are `Guards`: without one of them
some way leads to a doubled or a lost order, and a search finds it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from makeready.orders.model import TRANSITIONS, UNSENT, LineState
from msgspec import Struct

S = LineState
LIVE, TEST = 0, 1
MOST_LEFT = 2
"""Departures that are told apart; more make no difference."""
ABOUT_TO_CALL = frozenset({"begun", "witnessed"})
"""A process does not stand still here for longer than a quiet period."""


class Guards(Struct, frozen=True, kw_only=True):
    """What keeps an order from being doubled or lost. A test takes one away at a time."""

    absence_is_proven: bool = True
    """*It is not there* is believed only from a question that finds a known order."""
    look_first_after_break: bool = True
    """What was placed before a break is asked for before it leaves."""
    resends_look_first: bool = True
    """So is what had left before the break, and was to leave again."""
    break_has_a_quiet_period: bool = True
    """A call of before the break may take effect for a while."""
    copy_stands_still: bool = True
    start_counts: bool = True
    quiet_period: bool = True
    witness_before_call: bool = True
    intent_before_call: bool = True
    tests_are_set_aside: bool = True
    open_orders_keep_the_settings: bool = True
    lost_file_is_noticed: bool = True
    people_say_where: bool = True
    """What a person found in the test MIS is no order of *live*."""


class Ledger(NamedTuple):
    """What the state file holds: a backup brings it back."""

    line: LineState | None = None
    env: int = LIVE
    key_env: int | None = None
    """For which MIS the submission left, or where it was found."""
    payload: bool = False
    """It left, and is to leave again as it was."""
    since_break: bool = False
    """The last attempt left after the last break."""
    quiet: bool = False
    """The last attempt may still take effect."""
    break_quiet: bool = False
    """What left before the last break may still take effect."""
    before_start: bool = False
    broken: bool = False
    """It was placed before the last break."""
    included: bool = False
    """A person said so, after the start and the last break."""
    held: bool = False
    departures: int = 0
    life: int = 0
    stopped: bool = False


class Process(NamedTuple):
    """What a process has in memory: gone when it dies."""

    step: str = ""
    """``may leave``, ``adopt``, ``park``, ``begun``, ``witnessed``, then what was answered; ``there``, ``absent`` or
    ``cannot tell`` of a doubt.
    """
    unsure: bool = False
    """It leaves because a person said so, though nobody can tell."""
    sent_before: bool = False


class World(NamedTuple):
    question: str
    """``finds``, ``finds nothing`` whatever is there, or ``none`` that is known."""
    control: bool
    """The MIS has another order that this ledger knows."""
    ledger: Ledger = Ledger()
    process: Process = Process()
    placed: bool = False
    mis: tuple[int, int] = (0, 0)
    late: tuple[int, int] = (0, 0)
    """Calls that nobody waits for any more, and that will take effect."""
    mark: int | None = None
    """Which environment's number the shop's item carries."""
    witness: tuple[int, int] = (0, 0)
    """Life and departures."""
    lives: int = 0
    backup: Ledger | None = None
    copy: Ledger | None = None
    copy_process: Process = Process()
    knowingly: tuple[bool, bool] = (False, False)
    """It left because a person said so of one of which nobody can tell."""
    breaks_left: int = 2
    changes_left: int = 2


def begin(guards: Guards, breaks: int, changes: int) -> Iterator[World]:
    """Where it all starts: what the MIS can be asked, and an order that is placed before or after our time begins."""
    for question, control in (("finds", True), ("finds", False), ("finds nothing", True), ("none", True)):
        for env in (LIVE, TEST) if changes else (LIVE,):
            left = {"breaks_left": breaks, "changes_left": changes}
            yield World(question, control, Ledger(env=env), **left)
            for sent_by_others in (0, 1):
                old = Ledger(env=env, before_start=guards.start_counts)
                yield World(question, control, old, placed=True, mis=(sent_by_others, 0), **left)


def is_doubled(world: World) -> bool:
    return any(count > 1 and not known for count, known in zip(world.mis, world.knowingly, strict=True))


def is_falsely_accepted(world: World) -> bool:
    """Nobody would send it any more, and the MIS for which it is accepted does not have it."""
    one = world.ledger
    if one.line is not S.ACCEPTED:
        return False
    counted_for = one.key_env if one.key_env is not None else one.env
    stale = one.env == LIVE and counted_for == TEST
    return stale or not world.mis[counted_for]


def is_settled(world: World) -> bool:
    """It is accepted, a person decides, or has decided."""
    one = world.ledger
    if not world.placed or one.stopped:
        return True
    if one.line in (S.READY, S.IN_DOUBT) and one.payload and one.key_env != one.env:
        return True  # it waits for the settings to lead there again, and says so
    return one.line in (S.ACCEPTED, S.PARKED, S.REFUSED, S.BEFORE_START, S.IGNORED)


class Machine:
    def __init__(self, guards: Guards) -> None:
        self._guards = guards

    def steps(self, world: World) -> Iterator[tuple[str, World]]:
        """What people do, and what goes wrong."""
        for text, after in (*self._people(world), *self._troubles(world)):
            yield text, plain(after)

    def work(self, world: World) -> Iterator[tuple[str, World]]:
        """What goes on by itself, without new trouble."""
        for text, after in self._work(world):
            yield text, plain(after)

    def _work(self, world: World) -> Iterator[tuple[str, World]]:
        if not world.placed:
            yield "the order is placed", world._replace(placed=True)
            return
        yield from self._of_one(world)
        if world.copy is not None:
            for text, after in self._of_one(_swapped(world)):
                yield f"the copy: {text}", _swapped(after)
        for env in (LIVE, TEST):
            if world.late[env]:
                yield "a late effect", _effect(world._replace(late=_add(world.late, env, -1)), env)
        if not any(world.late) and not ABOUT_TO_CALL & {world.process.step, world.copy_process.step}:
            yield "time passes", _rested(world)

    def _of_one(self, world: World) -> Iterator[tuple[str, World]]:
        one, process = world.ledger, world.process
        if process.step:
            yield from self._goes_on(world)
            return
        yield from self._look(world)
        if one.stopped:
            return
        if one.line is S.SUBMITTING:
            yield "found half done", _moved(world, S.IN_DOUBT)
        leads_there = not one.payload or one.key_env == one.env
        if one.line is S.READY and self._verdict(world) is S.READY and leads_there:
            yield from self._submit(world)
        if one.line is S.IN_DOUBT and one.key_env == one.env:
            yield from self._resolve(world)
        if one.line is S.ACCEPTED and world.mark is None:
            yield "the item is marked", world._replace(mark=_env(one))

    def _verdict(self, world: World) -> LineState:
        """As `makeready.orders.rules` decides of a line that is approved and at the stage."""
        one = world.ledger
        left = one.payload or one.line not in (None, *UNSENT)
        if world.mark == LIVE and one.env == TEST:
            return S.IGNORED
        if one.before_start and not one.included and not left:
            return S.BEFORE_START
        return S.READY

    def _look(self, world: World) -> Iterator[tuple[str, World]]:
        one = world.ledger
        if one.line is None:
            seen = world._replace(ledger=one._replace(line=S.SEEN))
            yield "seen", _moved(seen, self._verdict(world))
            return
        verdict = self._verdict(world)
        if (
            one.line in UNSENT
            and not one.held
            and verdict is not one.line
            and verdict in TRANSITIONS[one.line]
        ):
            yield f"seen: {verdict}", _moved(world, verdict, payload=False)

    def _submit(self, world: World) -> Iterator[tuple[str, World]]:
        one = world.ledger
        marked = world.mark == one.env
        may_be_there = (one.broken and self._guards.look_first_after_break) or one.before_start or marked
        if one.payload:
            may_be_there = one.broken and not one.since_break and self._guards.resends_look_first
        process = Process(step="may leave", sent_before=one.payload)
        if not may_be_there:
            yield "nobody else can have sent it", world._replace(process=process)
            return
        if one.break_quiet and self._guards.break_has_a_quiet_period:
            return
        answer = self._ask(world)
        if answer == "there":
            process = Process(step="adopt")
        elif not one.included and (answer == "cannot tell" or marked):
            process = Process(step="park")
        elif answer == "cannot tell":
            process = process._replace(unsure=True)
        yield f"asked first: {answer}", world._replace(process=process)

    def _resolve(self, world: World) -> Iterator[tuple[str, World]]:
        one = world.ledger
        if one.quiet and self._guards.quiet_period:
            return
        if one.break_quiet and self._guards.break_has_a_quiet_period:
            return
        answer = self._ask(world)
        yield f"asked: {answer}", world._replace(process=Process(step=answer))

    def _ask(self, world: World) -> str:
        if world.question == "none":
            return "cannot tell"
        if world.question == "finds" and world.mis[world.ledger.env]:
            return "there"
        can_find = world.question == "finds" and world.control
        return "absent" if can_find or not self._guards.absence_is_proven else "cannot tell"

    def _goes_on(self, world: World) -> Iterator[tuple[str, World]]:
        step, idle = world.process.step, world._replace(process=Process())
        one = world.ledger
        if step in ("may leave", "adopt", "park"):
            if one.line is not S.READY:
                yield "decided otherwise meanwhile", idle
            elif step == "adopt":
                yield "adopted", _moved(idle, S.ACCEPTED, key_env=one.env)
            elif step == "park":
                yield "parked", _moved(idle, S.PARKED)
            else:
                yield from self._begin(world)
        elif step == "begun":
            yield "witnessed", _witnessed(world)._replace(process=world.process._replace(step="witnessed"))
        elif step == "witnessed":
            yield from self._call(world)
        elif step in ("there", "absent", "cannot tell"):
            after = {"there": S.ACCEPTED, "absent": S.READY, "cannot tell": S.PARKED}[step]
            yield f"resolved: {step}", _moved(idle, after) if one.line is S.IN_DOUBT else idle
        else:
            yield from self._keep_answer(world)

    def _begin(self, world: World) -> Iterator[tuple[str, World]]:
        one = world.ledger
        left = one._replace(
            payload=True, key_env=one.env, quiet=True, since_break=True, departures=one.departures + 1
        )
        begun = world._replace(ledger=left, process=world.process._replace(step="begun"))
        if world.process.unsure:
            begun = _knowing(begun, one.env)
        if self._guards.intent_before_call:
            begun = _moved(begun, S.SUBMITTING)
        if not self._guards.witness_before_call:
            begun = begun._replace(process=begun.process._replace(step="witnessed"))
        yield "about to leave", begun

    def _call(self, world: World) -> Iterator[tuple[str, World]]:
        env = world.ledger.env
        heard = world.process._replace
        done = _effect(world, env)
        yield "the MIS takes it", done._replace(process=heard(step="taken"))
        yield "the MIS takes it, no answer", done._replace(process=heard(step="silence"))
        yield "no effect, no answer", world._replace(process=heard(step="silence"))
        yield (
            "no answer yet",
            world._replace(process=heard(step="silence"), late=_add(world.late, env, 1)),
        )
        yield "the MIS refuses", world._replace(process=heard(step="refused"))
        yield "no connection", world._replace(process=heard(step="not sent"))

    def _keep_answer(self, world: World) -> Iterator[tuple[str, World]]:
        process, idle = world.process, world._replace(process=Process())
        if not self._guards.intent_before_call:
            idle = idle._replace(ledger=idle.ledger._replace(line=S.SUBMITTING))
        if not self._guards.witness_before_call:
            idle = _witnessed(idle)
        if idle.ledger.line is not S.SUBMITTING:
            yield "too late", idle
            return
        if process.step == "not sent":
            yield "not sent", _moved(idle, S.READY, payload=process.sent_before)
            return
        after = {"taken": S.ACCEPTED, "silence": S.IN_DOUBT, "refused": S.REFUSED}[process.step]
        yield f"answer kept: {process.step}", _moved(idle, after)

    def _people(self, world: World) -> Iterator[tuple[str, World]]:
        """They look into the MIS before they say that an order is there or not."""
        one, line = world.ledger, world.ledger.line
        there = bool(world.mis[_env(one)])
        if line is S.BEFORE_START and not one.included:
            yield "a person includes it", world._replace(ledger=one._replace(included=True))
        if line in (S.BEFORE_START, S.PARKED, S.REFUSED, S.READY):
            yield "a person dismisses it", _moved(world, S.IGNORED, held=True)
        if line is S.IN_DOUBT:
            parked = _moved(world, S.PARKED)
            yield "a person dismisses it", _moved(parked, S.IGNORED, held=True)
        if line in (S.PARKED, S.REFUSED) and there:
            accepted_in = _env(one) if self._guards.people_say_where else one.key_env
            yield "a person accepts it", _moved(world, S.ACCEPTED, key_env=accepted_in)
        if line in (S.PARKED, S.REFUSED) and not there:
            payload = one.payload and line is S.PARKED
            yield "a person sends it", _moved(world, S.READY, included=True, payload=payload)
        if one.stopped:
            yield "take-over", self._taken_over(world)
        if world.copy is not None and world.copy.stopped:
            yield "the copy takes over", self._taken_over(_swapped(world))

    def _taken_over(self, world: World) -> World:
        """The other one, if there is one, has been ended."""
        known = _broken(world.ledger, world, stopped=False)
        return _witnessed(
            world._replace(
                ledger=known, lives=known.life, process=Process(), copy=None, copy_process=Process()
            )
        )

    def _troubles(self, world: World) -> Iterator[tuple[str, World]]:
        if world.process.step:
            yield "the process dies", self._checked_in(world._replace(process=Process()))
        if world.copy_process.step:
            yield "the copy's process dies", world._replace(copy_process=Process())
        if world.breaks_left:
            yield from self._breaks(world)
        if world.changes_left and (after := self._other_environment(world)) is not None:
            yield "the environment changes", after

    def _breaks(self, world: World) -> Iterator[tuple[str, World]]:
        if world.backup != world.ledger:
            yield "a backup is made", world._replace(backup=world.ledger)
        fewer = world._replace(breaks_left=world.breaks_left - 1)
        if world.backup is not None:
            back = fewer._replace(ledger=world.backup, process=Process(), backup=None)
            yield "the backup is put back", self._checked_in(back)
        if world.copy is None:
            come = _broken(world.ledger, world, stopped=self._guards.copy_stands_still)
            yield "a copy starts", fewer._replace(copy=come, copy_process=Process(), lives=come.life)
        yield "the file is lost", self._lost(fewer)

    def _lost(self, world: World) -> World:
        """The same settings, with the start that was known, in a new file beside the old witness."""
        new = Ledger(env=world.ledger.env, before_start=world.ledger.before_start)
        empty = world._replace(ledger=new, process=Process(), control=False)
        if self._guards.lost_file_is_noticed:
            new = _broken(new, empty, stopped=False)
        return _witnessed(empty._replace(ledger=new, lives=new.life))

    def _checked_in(self, world: World) -> World:
        one, (life, departures) = world.ledger, world.witness
        if life == one.life and departures <= one.departures:
            return _witnessed(world)
        one = _broken(
            one, world, stopped=one.stopped or (life != one.life and self._guards.copy_stands_still)
        )
        return _witnessed(world._replace(ledger=one, lives=one.life))

    def _other_environment(self, world: World) -> World | None:
        """None if it is refused. Our time begins anew."""
        one = world.ledger
        is_open = one.line in (S.SUBMITTING, S.IN_DOUBT) or (one.line is S.READY and one.payload)
        if is_open and one.key_env == one.env and self._guards.open_orders_keep_the_settings:
            return None
        changed = one._replace(
            env=1 - one.env, before_start=world.placed and self._guards.start_counts, included=False
        )
        after = world._replace(ledger=changed, process=Process(), changes_left=world.changes_left - 1)
        tested = one.key_env == TEST and one.line in (S.ACCEPTED, S.REFUSED, S.PARKED)
        if one.env == TEST and tested and self._guards.tests_are_set_aside:
            return _moved(after, S.BEFORE_START, payload=False, key_env=None)
        return after


def plain(world: World) -> World:
    """The same state in its plainest form: without what makes no difference any more."""
    ledger, backup, copy = map(_plain_ledger, (world.ledger, world.backup, world.copy))
    life, departures = world.witness
    lives = {ledger.life: 0}
    for one in (life, backup and backup.life, copy and copy.life):
        if one is not None:
            lives.setdefault(one, len(lives))
    least = min([departures, *(one.departures for one in (ledger, backup) if one and one.life == life)])

    def counted(one: Ledger | None) -> Ledger | None:
        if one is None:
            return None
        left = min(one.departures - least, MOST_LEFT) if one.life == life else 0
        return one._replace(life=lives[one.life], departures=left)

    return world._replace(
        ledger=counted(ledger),
        backup=counted(backup) if world.breaks_left else None,
        copy=counted(copy),
        witness=(lives[life], min(departures - least, MOST_LEFT)),
        lives=len(lives),
    )


def _plain_ledger(one: Ledger | None) -> Ledger | None:
    if one is None:
        return None
    if one.line is S.ACCEPTED or one.held:
        kept = one.key_env if one.line is S.ACCEPTED else None
        one = one._replace(payload=False, since_break=False, included=False, key_env=kept)
    return one._replace(
        quiet=one.quiet and one.line in (S.SUBMITTING, S.IN_DOUBT),
        since_break=one.since_break and one.broken,
    )


def _moved(world: World, after: LineState, **changes: object) -> World:
    before = world.ledger.line
    if before is None or after not in TRANSITIONS[before]:
        raise AssertionError(f"{before} to {after} is no move")
    return world._replace(ledger=world.ledger._replace(line=after, **changes))


def _broken(one: Ledger, world: World, *, stopped: bool) -> Ledger:
    return one._replace(
        life=world.lives + 1,
        broken=world.placed,
        break_quiet=True,
        since_break=False,
        included=False,
        stopped=stopped,
    )


def _env(one: Ledger) -> int:
    return one.env if one.key_env is None else one.key_env


def _effect(world: World, env: int) -> World:
    return world._replace(mis=_add(world.mis, env, 1))


def _witnessed(world: World) -> World:
    return world._replace(witness=(world.ledger.life, world.ledger.departures))


def _knowing(world: World, env: int) -> World:
    known = list(world.knowingly)
    known[env] = True
    return world._replace(knowingly=(known[0], known[1]))


def _rested(world: World) -> World:
    """What can still take effect has; nothing is quiet any more."""
    kept = {"quiet": False, "break_quiet": False}
    return world._replace(
        ledger=world.ledger._replace(**kept),
        backup=world.backup and world.backup._replace(**kept),
        copy=world.copy and world.copy._replace(**kept),
    )


def _swapped(world: World) -> World:
    """The copy as the first: what holds for one holds for the other."""
    return world._replace(
        ledger=world.copy,
        copy=world.ledger,
        process=world.copy_process,
        copy_process=world.process,
    )


def _add(counts: tuple[int, int], env: int, more: int) -> tuple[int, int]:
    changed = list(counts)
    changed[env] = min(2, changed[env] + more)
    return changed[0], changed[1]
