"""A small machine of one order line: every step that may come next, from any state.

Its moves are those of `makeready.orders.model.TRANSITIONS`. What decides between them are `Guards`: without one of them
some way leads to a doubled or a lost order, and a search finds it.
"""

from collections.abc import Iterator

from line_world import (
    LIVE,
    TEST,
    Ledger,
    Process,
    S,
    World,
    add,
    broken,
    effect,
    env_of,
    knowing,
    moved,
    plain,
    rested,
    swapped,
    witnessed,
)
from makeready.orders.model import TRANSITIONS, UNSENT, LineState
from msgspec import Struct

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
    people_wait: bool = True
    """Nobody accepts what may still arrive: a person could take that back, and send it again."""
    people_say_where: bool = True
    """What a person found in the test MIS is no order of *live*."""


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
    if one.line is not S.ACCEPTED or one.mistaken:
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
            for text, after in self._of_one(swapped(world)):
                yield f"the copy: {text}", swapped(after)
        for env in (LIVE, TEST):
            if world.late[env]:
                yield "a late effect", effect(world._replace(late=add(world.late, env, -1)), env)
        if not any(world.late) and not ABOUT_TO_CALL & {world.process.step, world.copy_process.step}:
            yield "time passes", rested(world)

    def _of_one(self, world: World) -> Iterator[tuple[str, World]]:
        one, process = world.ledger, world.process
        if process.step:
            yield from self._goes_on(world)
            return
        yield from self._look(world)
        if one.stopped:
            return
        if one.line is S.SUBMITTING:
            yield "found half done", moved(world, S.IN_DOUBT)
        leads_there = not one.payload or one.key_env == one.env
        if one.line is S.READY and self._verdict(world) is S.READY and leads_there:
            yield from self._submit(world)
        if one.line is S.IN_DOUBT and one.key_env == one.env:
            yield from self._resolve(world)
        if one.line is S.ACCEPTED and world.mark is None:
            yield "the item is marked", world._replace(mark=env_of(one))

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
            yield "seen", moved(seen, self._verdict(world))
            return
        verdict = self._verdict(world)
        if (
            one.line in UNSENT
            and not one.decided_by_person
            and verdict is not one.line
            and verdict in TRANSITIONS[one.line]
        ):
            yield f"seen: {verdict}", moved(world, verdict, payload=False)

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
            process = Process(step="accept")
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
        if step in ("may leave", "accept", "park"):
            if one.line is not S.READY:
                yield "decided otherwise meanwhile", idle
            elif step == "accept":
                yield "linked", moved(idle, S.ACCEPTED, key_env=one.env)
            elif step == "park":
                yield "parked", moved(idle, S.PARKED)
            else:
                yield from self._begin(world)
        elif step == "begun":
            yield "witnessed", witnessed(world)._replace(process=world.process._replace(step="witnessed"))
        elif step == "witnessed":
            yield from self._call(world)
        elif step in ("there", "absent", "cannot tell"):
            after = {"there": S.ACCEPTED, "absent": S.READY, "cannot tell": S.PARKED}[step]
            yield f"resolved: {step}", moved(idle, after) if one.line is S.IN_DOUBT else idle
        else:
            yield from self._keep_answer(world)

    def _begin(self, world: World) -> Iterator[tuple[str, World]]:
        one = world.ledger
        left = one._replace(
            payload=True, key_env=one.env, quiet=True, since_break=True, departures=one.departures + 1
        )
        begun = world._replace(ledger=left, process=world.process._replace(step="begun"))
        if world.process.unsure:
            begun = knowing(begun, one.env)
        if self._guards.intent_before_call:
            begun = moved(begun, S.SUBMITTING)
        if not self._guards.witness_before_call:
            begun = begun._replace(process=begun.process._replace(step="witnessed"))
        yield "about to leave", begun

    def _call(self, world: World) -> Iterator[tuple[str, World]]:
        env = world.ledger.env
        heard = world.process._replace
        done = effect(world, env)
        yield "the MIS takes it", done._replace(process=heard(step="taken"))
        yield "the MIS takes it, no answer", done._replace(process=heard(step="silence"))
        yield "no effect, no answer", world._replace(process=heard(step="silence"))
        yield (
            "no answer yet",
            world._replace(process=heard(step="silence"), late=add(world.late, env, 1)),
        )
        yield "the MIS refuses", world._replace(process=heard(step="refused"))
        yield "no connection", world._replace(process=heard(step="not sent"))

    def _keep_answer(self, world: World) -> Iterator[tuple[str, World]]:
        process, idle = world.process, world._replace(process=Process())
        if not self._guards.intent_before_call:
            idle = idle._replace(ledger=idle.ledger._replace(line=S.SUBMITTING))
        if not self._guards.witness_before_call:
            idle = witnessed(idle)
        if idle.ledger.line is not S.SUBMITTING:
            yield "too late", idle
            return
        if process.step == "not sent":
            yield "not sent", moved(idle, S.READY, payload=process.sent_before)
            return
        after = {"taken": S.ACCEPTED, "silence": S.IN_DOUBT, "refused": S.REFUSED}[process.step]
        yield f"answer kept: {process.step}", moved(idle, after)

    def _people(self, world: World) -> Iterator[tuple[str, World]]:
        """They look into the MIS before they say that an order is there or not."""
        one, line = world.ledger, world.ledger.line
        there = bool(world.mis[env_of(one)])
        if line is S.BEFORE_START and not one.included:
            yield "a person includes it", world._replace(ledger=one._replace(included=True))
        if line in (S.BEFORE_START, S.PARKED, S.REFUSED, S.READY):
            yield "a person dismisses it", moved(world, S.IGNORED, decided_by_person=True)
        if line is S.IN_DOUBT:
            parked = moved(world, S.PARKED)
            yield "a person dismisses it", moved(parked, S.IGNORED, decided_by_person=True)
        may_arrive = line is S.IN_DOUBT and one.quiet and self._guards.people_wait
        if line in (S.PARKED, S.REFUSED, S.IN_DOUBT) and not may_arrive:
            accepted_in = env_of(one) if self._guards.people_say_where else one.key_env
            after = S.REFUSED if line is S.REFUSED else S.PARKED
            text = "a person accepts it" if there else "a person accepts it by mistake"
            yield text, moved(world, S.ACCEPTED, key_env=accepted_in, by_hand=after, mistaken=not there)
        if line is S.ACCEPTED and one.by_hand is not None:
            yield "a person takes that back", moved(world, one.by_hand, by_hand=None, mistaken=False)
        if line in (S.PARKED, S.REFUSED) and not there:
            payload = one.payload and line is S.PARKED
            yield "a person sends it", moved(world, S.READY, included=True, payload=payload)
        if one.stopped:
            yield "take-over", self._taken_over(world)
        if world.copy is not None and world.copy.stopped:
            yield "the copy takes over", self._taken_over(swapped(world))

    def _taken_over(self, world: World) -> World:
        """The other one, if there is one, has been ended."""
        known = broken(world.ledger, world, stopped=False)
        return witnessed(
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
            come = broken(world.ledger, world, stopped=self._guards.copy_stands_still)
            yield "a copy starts", fewer._replace(copy=come, copy_process=Process(), lives=come.life)
        yield "the file is lost", self._lost(fewer)

    def _lost(self, world: World) -> World:
        """The same settings, with the start that was known, in a new file beside the old witness."""
        new = Ledger(env=world.ledger.env, before_start=world.ledger.before_start)
        empty = world._replace(ledger=new, process=Process(), control=False)
        if self._guards.lost_file_is_noticed:
            new = broken(new, empty, stopped=False)
        return witnessed(empty._replace(ledger=new, lives=new.life))

    def _checked_in(self, world: World) -> World:
        one, (life, departures) = world.ledger, world.witness
        if life == one.life and departures <= one.departures:
            return witnessed(world)
        one = broken(one, world, stopped=one.stopped or (life != one.life and self._guards.copy_stands_still))
        return witnessed(world._replace(ledger=one, lives=one.life))

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
            return moved(after, S.BEFORE_START, payload=False, key_env=None)
        return after
