"""One order line, its ledgers, shop and MIS: what is where, and what one thing that happens makes of it."""

from functools import cache
from typing import NamedTuple

from makeready.orders.model import TRANSITIONS, LineState

S = LineState
LIVE, TEST = 0, 1
MOST_LEFT = 2
"""Departures that are told apart; more make no difference."""


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
    decided_by_person: bool = False
    by_hand: LineState | None = None
    """A person has accepted it: what it becomes when that is taken back."""
    mistaken: bool = False
    """That person was wrong, and nobody has taken it back yet."""
    departures: int = 0
    life: int = 0
    stopped: bool = False


class Process(NamedTuple):
    """What a process has in memory: gone when it dies."""

    step: str = ""
    """``may leave``, ``accept``, ``park``, ``begun``, ``witnessed``, then what was answered; ``there``, ``absent`` or
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


def plain(world: World) -> World:
    """The same state in its plainest form: without what makes no difference any more."""
    ledger, backup, copy, witness, lives = _plain(world.ledger, world.backup, world.copy, world.witness)
    backup = backup if world.breaks_left else None
    return world._replace(ledger=ledger, backup=backup, copy=copy, witness=witness, lives=lives)


Plain = tuple[Ledger, Ledger | None, Ledger | None, tuple[int, int], int]


@cache
def _plain(ledger: Ledger, backup: Ledger | None, copy: Ledger | None, witness: tuple[int, int]) -> Plain:
    """Few of them come many times, in many worlds."""
    [ledger, backup, copy] = map(_plain_ledger, (ledger, backup, copy))
    life, departures = witness
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

    new_witness = (lives[life], min(departures - least, MOST_LEFT))
    return counted(ledger), counted(backup), counted(copy), new_witness, len(lives)


def _plain_ledger(one: Ledger | None) -> Ledger | None:
    if one is None:
        return None
    if one.line is S.ACCEPTED and one.by_hand:
        pass  # when it is taken back, what it was before counts again
    elif one.line is S.ACCEPTED or one.decided_by_person:
        kept = one.key_env if one.line is S.ACCEPTED else None
        one = one._replace(payload=False, since_break=False, included=False, key_env=kept)
    return one._replace(
        quiet=one.quiet and (one.line in (S.SUBMITTING, S.IN_DOUBT, S.PARKED) or bool(one.by_hand)),
        by_hand=one.by_hand if one.line is S.ACCEPTED else None,
        mistaken=one.mistaken and one.line is S.ACCEPTED,
        since_break=one.since_break and one.broken,
    )


def moved(world: World, after: LineState, **changes: object) -> World:
    before = world.ledger.line
    if before is None or after not in TRANSITIONS[before]:
        raise AssertionError(f"{before} to {after} is no move")
    return world._replace(ledger=world.ledger._replace(line=after, **changes))


def broken(one: Ledger, world: World, *, stopped: bool) -> Ledger:
    return one._replace(
        life=world.lives + 1,
        broken=world.placed,
        break_quiet=True,
        since_break=False,
        included=False,
        stopped=stopped,
    )


def env_of(one: Ledger) -> int:
    return one.env if one.key_env is None else one.key_env


def effect(world: World, env: int) -> World:
    return world._replace(mis=add(world.mis, env, 1))


def witnessed(world: World) -> World:
    return world._replace(witness=(world.ledger.life, world.ledger.departures))


def knowing(world: World, env: int) -> World:
    known = list(world.knowingly)
    known[env] = True
    return world._replace(knowingly=(known[0], known[1]))


def rested(world: World) -> World:
    """What can still take effect has; nothing is quiet any more."""
    kept = {"quiet": False, "break_quiet": False}
    return world._replace(
        ledger=world.ledger._replace(**kept),
        backup=world.backup and world.backup._replace(**kept),
        copy=world.copy and world.copy._replace(**kept),
    )


def swapped(world: World) -> World:
    """The copy as the first: what holds for one holds for the other."""
    return world._replace(
        ledger=world.copy,
        copy=world.ledger,
        process=world.copy_process,
        copy_process=world.process,
    )


def add(counts: tuple[int, int], env: int, more: int) -> tuple[int, int]:
    changed = list(counts)
    changed[env] = min(2, changed[env] + more)
    return changed[0], changed[1]
