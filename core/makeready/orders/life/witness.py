"""The witness: a small file beside the state file that tells a restored or a copied state file from an untouched one.

It has one length and is written in place, so that no power cut can leave half of it.
"""

import fcntl
import os
import time
from pathlib import Path
from typing import Protocol

import msgspec

from makeready.orders.life.model import BreakKind, Life, Witness

SUFFIX = ".witness"
LENGTH = 256
TRIES, PAUSE_S = 20, 0.0005
"""Whoever is at it takes microseconds; one that was stopped in the midst of it holds up nobody for long."""


class Witnesses(Protocol):
    """What tells at the start of a process how a ledger's life was broken; see `WitnessFile`."""

    def write(self, life: Life) -> None: ...
    def finds(self, life: Life) -> tuple[BreakKind, str] | None: ...


class WitnessFile:
    """Of the state file at ``path``."""

    def __init__(self, path: Path) -> None:
        self._state = path
        self.path = path.with_name(path.name + SUFFIX)

    def read(self) -> Witness | None:
        """None if there is none, or if it cannot be read as one."""
        try:
            return _decoded(self.path.read_bytes()[:LENGTH])
        except OSError:
            return None

    def write(self, life: Life) -> None:
        """Raises OSError if it cannot be kept. Processes take turns, since each reads what the others have written."""
        opened = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take_turn(opened)
            note = Witness(
                life=life.name,
                departures=life.departures,
                file=self._state.stat().st_ino,
                own=os.fstat(opened).st_ino,
            )
            note = latest(_decoded(os.pread(opened, LENGTH, 0)), note)
            os.pwrite(opened, msgspec.json.encode(note).ljust(LENGTH), 0)
        finally:
            os.close(opened)  # which ends the turn

    def finds(self, life: Life) -> tuple[BreakKind, str] | None:
        """How this life was broken, and by what that shows; None if it was not."""
        found = self.read()
        if found is None:
            return how_broken(None, life, file=0, own=0, name=self.path.name)
        own = self.path.stat().st_ino
        return how_broken(found, life, file=self._state.stat().st_ino, own=own, name=self.path.name)


def _take_turn(opened: int) -> None:
    for _ in range(TRIES):
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE_S)
        except OSError:  # there are no locks where it lies
            return
        else:
            return


def _decoded(text: bytes) -> Witness | None:
    try:
        return msgspec.json.decode(text, type=Witness)
    except msgspec.DecodeError:
        return None


def latest(found: Witness | None, note: Witness) -> Witness:
    """What is to be kept. Of two processes that let orders leave at the same time, the slower one knows of fewer."""
    if found is None or found.life != note.life:
        return note
    return msgspec.structs.replace(note, departures=max(found.departures, note.departures))


def how_broken(
    found: Witness | None, life: Life, *, file: int, own: int, name: str
) -> tuple[BreakKind, str] | None:
    """``found``: what was left by the last process. ``file`` and ``own``: the inodes of state file and witness now."""
    if not life.name:
        return (BreakKind.RESTORED, "another ledger was here before it") if found else None
    if found is None:
        return BreakKind.COPIED, f"there is no {name} beside it"
    if found.life != life.name:
        return BreakKind.COPIED, f"{name} beside it is of another ledger"
    if found.own != own:
        return BreakKind.COPIED, f"it and {name} were copied together"
    if found.departures > life.departures:
        left = found.departures - life.departures
        return BreakKind.RESTORED, f"{left} order{'s' * (left != 1)} left that it does not know of"
    if found.file != file:
        return BreakKind.RESTORED, "another file was put at its place"
    return None
