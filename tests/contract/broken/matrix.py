"""The whole kit over every broken connector, as a table: ``make mutants``.

Each is run until a second test has seen it; ``--all`` runs all tests. What no test sees is alive.
"""

import argparse
import asyncio
import contextlib
import io
import sys
from concurrent.futures import ProcessPoolExecutor
from time import monotonic

from broken import every_one
from run_kit import PASSED, SKIPPED, names_of, run

FEW = 2
SLOW_LAST = (
    "test_whatever_is_answered",
    "test_an_answer_that_is_none",
    "test_no_secret",
    "test_it_never_holds_up",
)


def killed_by(name: str, all_tests: bool) -> tuple[str, list[str], float]:
    """The tests that see it, those that are meant for it first."""
    one, began, seen = every_one()[name], monotonic(), []
    others = [test for test in names_of(one.contract) if test not in one.tests]
    for test in (*one.tests, *sorted(others, key=lambda test: (test.startswith(SLOW_LAST), test))):
        with contextlib.redirect_stdout(io.StringIO()):
            said = asyncio.run(run(one.contract, test))
        if said not in (PASSED, SKIPPED):
            seen.append(test)
        if len(seen) >= FEW and not all_tests:
            break
    return name, seen, monotonic() - began


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--all", action="store_true", help="run every test over each")
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("names", nargs="*", help="only these")
    given = asked.parse_args()
    names = given.names or list(every_one())
    alive = []
    with ProcessPoolExecutor(given.processes) as pool:
        for name, seen, took in pool.map(killed_by, names, [given.all] * len(names)):
            alive += [] if seen else [name]
            print(f"{name:42} {len(seen) or 'ALIVE':>5}  {took:5.1f} s  {', '.join(seen)[:400]}", flush=True)  # noqa: T201
    told = (
        f"{len(names)} broken connectors, {len(names) - len(alive)} seen, alive: {', '.join(alive) or 'none'}"
    )
    print(f"\n{told}")  # noqa: T201
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
