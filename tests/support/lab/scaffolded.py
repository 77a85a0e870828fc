"""Distributions that `makeready new connector` writes, as whoever installs them has them."""

import os
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from makeready_hooks import Role
from makeready_lab.scaffold.write import write
from members import ROOT

SHARED_CACHE = {"MYPY_CACHE_DIR": str(ROOT / ".mypy_cache")}
"""What a new connector imports was read before."""


def written(folder: Path, name: str, role: Role) -> Path:
    made = folder / f"makeready-{name}"
    write(name, role, made)
    return made


def install(made: Path, site_packages: Path) -> None:
    """As an editable install does, from what its pyproject.toml says."""
    project: dict[str, Any] = tomllib.loads((made / "pyproject.toml").read_text())["project"]
    name, version = project["name"], project["version"]
    info = site_packages / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{entry} = {value}" for entry, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")


def beside_the_core(folder: Path, *made: Path) -> dict[str, str]:
    """The environment of a process that finds them installed in the core's."""
    for one in made:
        install(one, folder / "site-packages")
    return {"PYTHONPATH": os.pathsep.join(map(str, (folder / "site-packages", *made)))}


def run_in(
    made: Path, *command: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **SHARED_CACHE, **(env or {})},
    )
