"""Child processes of a chaos run: emulators that stay, a server and workers that are killed."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from makeready_hooks.errors import ConfigError

COMMAND = (sys.executable, "-m", "makeready")
START_S = 60
LISTENS = re.compile(rb"listens at (http://\S+)|works on (\S+)")


class Child:
    """One ``makeready`` command in a process of its own."""

    def __init__(self, arguments: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self._arguments = arguments
        self._env = env or {}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._draining: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Start it; return what it says of itself, its address for a server."""
        self._process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *self._arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self._env},
        )
        async with asyncio.timeout(START_S):
            said = await self._until_it_says()
        self._draining = asyncio.create_task(self._drain())
        return said

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        return self._process.pid if self._process else 0

    async def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, number: int) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(number)
        await self._process.wait()
        if self._draining is not None:
            await self._draining
        self._process = None

    async def _until_it_says(self) -> str:
        assert self._process is not None and self._process.stdout is not None  # noqa: S101 - for the type checker
        with self._log.open("ab") as log:
            async for line in self._process.stdout:
                log.write(line)
                if found := LISTENS.search(line):
                    return (found[1] or found[2]).decode()
        raise ConfigError(f"A process of the chaos run did not start; see {self._log}.")

    async def _drain(self) -> None:
        assert self._process is not None and self._process.stdout is not None  # noqa: S101 - for the type checker
        with self._log.open("ab") as log:
            async for line in self._process.stdout:
                log.write(line)
