"""A new connector of each role as a stranger has it: from wheels, where neither the core nor the laboratory is installed.

Its tests run in a folder that has nothing but them, so that what is imported is what the wheels hold. ``make scaffold``.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from makeready_hooks import Role
from makeready_lab.scaffold.write import ROLES, write
from makeready_lab.specification.write import specified

ROOT = Path(__file__).parents[1]
OPENAPI = ROOT / "tests" / "lab" / "quoin.yaml"
PASSED_AT_LEAST = 100
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
PROOF = """
import importlib.util, sys, makeready_hooks, makeready_{name}.plugin, makeready_{name}.specified.client
absent = [one for one in ("makeready", "makeready_lab") if importlib.util.find_spec(one) is None]
assert absent == ["makeready", "makeready_lab"], "the core or the laboratory is installed"
for one in (makeready_hooks, makeready_{name}.plugin):
    assert one.__file__.startswith(sys.prefix), one.__file__ + " is not from a wheel"
"""


def done(*command: str, cwd: Path = ROOT) -> str:
    """What it prints; ends this program if it fails."""
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if ran.returncode:
        sys.exit(f"{' '.join(command)}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def name_of(role: Role) -> str:
    return f"quoin{role.value}"


def wheels(folder: Path) -> Path:
    """Of the contract and of both connectors."""
    made = []
    for role in ROLES:
        made.append(folder / name_of(role))
        write(name_of(role), role, made[-1], specified(OPENAPI, name_of(role)))
    done(
        *PIP,
        "wheel",
        "--no-deps",
        "--wheel-dir",
        str(folder / "wheels"),
        str(ROOT / "hooks"),
        *map(str, made),
    )
    return folder / "wheels"


def empty_environment(folder: Path) -> str:
    """Its interpreter."""
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    return str(folder / "bin" / "python")


def run_tests(folder: Path, python: str, role: Role) -> str:
    """How it went, in a line."""
    name = name_of(role)
    alone = folder / f"tests-of-{name}"
    shutil.copytree(folder / name / "tests", alone / "tests")
    shutil.copy(folder / name / "pyproject.toml", alone)
    done(python, "-c", PROOF.format(name=name), cwd=alone)
    told = done(python, "-m", "pytest", "-q", "-rs", cwd=alone)
    passed = re.search(r"(\d+) passed", told)
    if not passed or int(passed[1]) < PASSED_AT_LEAST or "the laboratory is not installed" not in told:
        sys.exit(f"The tests of a new {role.value} connector did not run as they should.\n{told}")
    return f"A new {role.value} connector from its wheel: {told.splitlines()[-1]}."


def main() -> None:
    with tempfile.TemporaryDirectory() as made, ThreadPoolExecutor() as pool:
        folder = Path(made)
        python = pool.submit(empty_environment, folder / "venv")
        found = sorted(wheels(folder).glob("*.whl"))
        extras = ("testing", *("emulator" for _ in found[1:]))
        given = [f"{wheel}[{extra}]" for wheel, extra in zip(found, extras, strict=True)]
        constraints = ("--constraint", str(ROOT / "constraints.txt"))
        done(*PIP, "--python", python.result(), "install", *constraints, *given)
        for line in pool.map(lambda role: run_tests(folder, python.result(), role), ROLES):
            print(line)  # noqa: T201


if __name__ == "__main__":
    main()
