"""Real processes on loopback: the server, workers, emulators. A test starts them, and ends only its own."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from forked import Forked

MAKEREADY = (sys.executable, "-m", "makeready")
START_S = 30

os.environ.setdefault("MAKEREADY_PRIVATE_NETWORKS", "127.0.0.0/8,::1")
# The vendors are emulated on this machine: allowed as an operator allows a private network.


def run(
    *arguments: str,
    db: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout_s: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    given = _given(arguments, db)
    if env is not None:
        return run_anew(*arguments, db=db, env=env, timeout_s=timeout_s)
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        process = Forked(given, out.fileno(), err.fileno())
        try:
            code = process.wait(timeout_s)
        finally:
            process.kill()
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(given, code, out.read(), err.read())


def run_anew(
    *arguments: str,
    db: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout_s: float = 120,
) -> subprocess.CompletedProcess[str]:
    """The same in an interpreter of its own, as a shell starts it."""
    return subprocess.run(  # noqa: S603 - our own command
        [*MAKEREADY, *_given(arguments, db)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        env={**os.environ, **(env or {})},
    )


def _given(arguments: Sequence[str], db: Path | None) -> list[str]:
    return [*(("--db", str(db)) if db else ()), *arguments]


class Running:
    """A process that says at its start where it listens."""

    def __init__(self, process: subprocess.Popen[str] | Forked, says: str) -> None:
        self.process = process
        self._says = re.compile(says)
        self.output: list[str] = []
        self.url = ""
        self._told = threading.Event()
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._told.wait(START_S) or not self.url:
            self.stop()
            raise AssertionError(f"the process did not start: {''.join(self.output)}")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self.output.append(line)
                self._more.notify_all()
            if found := self._says.search(line):
                self.url = found[1]
                self._told.set()
        self._told.set()

    def prints(self, text: str) -> bool:
        """Wait until a line holds this text; False if that takes too long."""
        with self._more:
            return self._more.wait_for(lambda: any(text in line for line in self.output), START_S)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(30)
        self._reader.join(10)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@contextmanager
def running(
    *arguments: str,
    db: Path | None = None,
    env: Mapping[str, str] | None = None,
    says: str = r"listens at (http://\S+)",
) -> Iterator[Running]:
    """A command that keeps running, ended at the end of the block. It has started when it ``says`` so.

    With an ``env`` of its own it has an interpreter of its own.
    """
    given = _given(arguments, db)
    if env is not None:
        with started([*MAKEREADY, *given], env, says) as process:
            yield process
        return
    reads, writes = os.pipe()
    process = Forked(given, writes, writes, os.fdopen(reads))
    os.close(writes)
    with _ended(process, says) as running:
        yield running


@contextmanager
def started(
    command: Sequence[str],
    env: Mapping[str, str] | None = None,
    says: str = r"listens at (http://\S+)",
) -> Iterator[Running]:
    """The same for any program."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
    )
    with _ended(process, says) as running:
        yield running


@contextmanager
def _ended(process: subprocess.Popen[str] | Forked, says: str) -> Iterator[Running]:
    running = Running(process, says)
    try:
        yield running
    finally:
        running.stop()
