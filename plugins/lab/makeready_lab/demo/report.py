"""What happened, step by step: told in the terminal, kept for ``report.json``."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from rich.console import Console


class Step(Struct, kw_only=True):
    name: str
    outcome: str = "running"
    """``done`` or ``failed``."""
    milliseconds: int = 0
    detail: list[str] = []
    error: str = ""


class StepFailedError(Exception):
    """Something that should have happened did not. The text says what."""


class Teller:
    """Tells the steps as they happen. Readable without colour: the signs say it too."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """One step. Every error inside it is its failure, and ends the story."""
        number = len(self.steps) + 1
        step = Step(name=name)
        self.steps.append(step)
        self._console.print(f"[bold]{number:>2}. {name}[/bold]")
        started = time.perf_counter()
        try:
            yield step
        except BaseException as exc:
            step.outcome, step.error = "failed", str(exc) or type(exc).__name__
            self._console.print(f"    [red]FAILED[/red] {step.error}", highlight=False)
            raise
        else:
            step.outcome = "done"
        finally:
            step.milliseconds = round((time.perf_counter() - started) * 1000)
            for line in step.detail:
                self._console.print(f"    {line}", highlight=False, markup=False)
            if step.outcome == "done":
                self._console.print(f"    [green]done[/green] in {step.milliseconds} ms", highlight=False)

    @property
    def all_done(self) -> bool:
        return bool(self.steps) and all(step.outcome == "done" for step in self.steps)


def require(happened: bool, text: str) -> None:
    """Raises StepFailedError with ``text`` unless it happened."""
    if not happened:
        raise StepFailedError(text)
