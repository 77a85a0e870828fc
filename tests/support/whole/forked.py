"""Processes that are forked from a server which has imported everything already: one costs hundredths of a second.

They are processes as any other, with exit codes, signals and outputs; only the start of an interpreter is left out.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import forkserver, reduction
from pathlib import Path
from typing import IO, Any

import pytest
from makeready.cli import main

CONTEXT = multiprocessing.get_context("forkserver")
SUPPORT = Path(__file__).parents[1]


@cache
def start_server() -> None:
    """It finds modules of the tests only where the environment names their folders."""
    CONTEXT.set_forkserver_preload(["warm"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(str(SUPPORT / one) for one in ("whole", "lives")))
        forkserver.ensure_running()


class _Output:
    """A file, or an end of a pipe, that the process is to write to."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _given, (reduction.DupFd(self._number),)


def _given(duplicate: Any) -> int:
    return duplicate.detach()


def _command(arguments: Sequence[str], environment: Mapping[str, str], out: int, err: int) -> None:
    for number, standard in ((out, 1), (err, 2)):
        os.dup2(number, standard)
        os.close(number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["makeready", *arguments]
    sys.stdout.reconfigure(line_buffering=True)
    main()


class Forked:
    """``makeready`` with these arguments, and what tests use of `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], out: int, err: int, stdout: IO[str] | None = None) -> None:
        start_server()
        given = (arguments, dict(os.environ), _Output(out), _Output(err))
        self._process = CONTEXT.Process(target=_command, args=given, daemon=True)
        self._process.start()
        self.pid: int = self._process.pid
        self.stdout = stdout

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout_s: float | None = None) -> int:
        self._process.join(timeout_s)
        if self._process.exitcode is None:
            raise TimeoutError(f"process {self.pid} goes on")
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
