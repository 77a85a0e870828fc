"""The tutorial says what happens: its blocks are run in their order, and its edits made."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from members import ROOT
from scaffolded import SHARED_CACHE, install

pytestmark = pytest.mark.long

TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"(?:In `(?P<path>[\w/.]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
FEW = {"LIVES": "2", "STEP": "30"}
"""So many lives are enough to see that they pass."""
ONE_FAILURE = {"PYTEST_ADDOPTS": "--maxfail=1"}
"""Is enough to see that it fails."""
DONE_BY_THE_TEST = (".", "pip")


class Reader:
    """Somebody who does what the page says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = folder
        self.env = {**os.environ, **FEW, **SHARED_CACHE, "COLUMNS": "200"}

    def edit(self, path: str, text: str) -> None:
        """A block of lines becomes another; it is there once."""
        lines = [line or " " for line in text.splitlines()]
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
        file = self.folder / path
        content = file.read_text()
        assert content.count(before) == 1, f"{path} does not have, once:\n{before}"
        file.write_text(content.replace(before, after))

    def type(self, command: str, *, fails: bool) -> str:
        """What is printed."""
        program, *arguments = shlex.split(command)
        if program in DONE_BY_THE_TEST:
            return ""
        if program == "cd":
            self.folder = self.made = (self.folder / arguments[0]).resolve()
            install(self.made, self.made.parent / "site-packages")
            self.env["PYTHONPATH"] = f"{self.made.parent / 'site-packages'}{os.pathsep}{self.made}"
            return ""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", program, *arguments],
            cwd=self.folder,
            env={**self.env, **(ONE_FAILURE if fails else {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert fails == bool(done.returncode), f"$ {command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each with the lines that it prints among others, ``…`` for what differs."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *printed = part.splitlines()
        yield command, printed


def test_a_stranger_who_does_what_the_tutorial_says_sees_what_it_says(tmp_path: Path) -> None:
    sources = tmp_path / "makeready"
    sources.mkdir()
    reader = Reader(sources)
    edits = runs = 0
    for block in BLOCK.finditer(TUTORIAL.read_text()):
        if block["kind"] == "diff":
            reader.edit(block["path"], block["text"])
            edits += 1
            continue
        for command, printed in commands(block["text"]):
            output = reader.type(command, fails=any("failed" in line for line in printed))
            runs += 1
            for line in printed:
                pattern = ".*".join(re.escape(part) for part in line.split("…"))
                assert re.search(pattern, output), f"$ {command}\n{line}\n\nwas\n\n{output[-4000:]}"
    assert edits > 15
    assert runs > 15
