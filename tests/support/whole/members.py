"""The distributions of this workspace, found where they are."""

from pathlib import Path

ROOT = Path(__file__).parents[3]
PROJECTS = sorted([*ROOT.glob("*/pyproject.toml"), *ROOT.glob("plugins/*/pyproject.toml")])
PACKAGES = sorted(path.parent for one in PROJECTS for path in one.parent.glob("*/py.typed"))
"""Folders of their packages."""
EXTENSIONS = [
    path
    for path in PACKAGES
    if '"makeready.connectors"' not in (path.parent / "pyproject.toml").read_text()
    and path.parents[1].name == "plugins"
]
"""Of those that add to the core."""
