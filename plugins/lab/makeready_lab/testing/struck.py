"""A life in which a process dies at a certain step, or a certain answer is lost."""

from collections.abc import Callable
from typing import Any

from makeready_lab.simulation.faults import Crash
from makeready_lab.simulation.run import Simulation


class StruckLife(Simulation):
    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.points = self.calls = 0
        """Commits and calls, before and after each; and calls that were answered."""

    def crash_at(self, point: int) -> None:
        """At this commit or call, counted from the first; 0: nowhere."""
        fate = self._fate
        die: Callable[[str], None] = fate.maybe_crash

        def counted(where: str) -> None:
            die(where)
            self.points += not fate.quiet
            if not fate.quiet and self.points == point:
                fate.dead = True
                fate.crashes += 1
                raise Crash

        fate.maybe_crash = counted  # type: ignore[method-assign]

    def lose_answer(self, call: int) -> None:
        """Of this call, after its effect; 0: of none."""
        fate = self._fate
        happens: Callable[[str], bool] = fate.happens

        def counted(trouble: str) -> bool:
            if trouble != "lost_after" or fate.quiet:
                return happens(trouble)
            self.calls += 1
            return self.calls == call

        fate.happens = counted  # type: ignore[method-assign]
