"""Write a distribution from templates, whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from string import Template

from makeready_hooks import EDITION, Role
from makeready_hooks.errors import ConfigError

TEMPLATES = files("makeready_lab") / "scaffold" / "templates"
SUFFIX = ".txt"
"""Of a template, after the name of what it makes: no tool takes it for what it is not yet."""
ROLES = (Role.MIS, Role.STOREFRONT)


def write(name: str, role: Role, folder: Path, more: Mapping[str, str] = {}) -> list[Path]:
    """Make ``folder``, which is not there yet, and give its files. Raises ConfigError; then nothing is left of it.

    ``more``: further files of the connector's package, by their places in it.
    """
    if folder.exists() or folder.is_symlink():
        raise ConfigError(
            f"{folder} is there already.",
            field="into",
            fix="Move it away, or name another folder with --into.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            made = Path(beside) / folder.name
            package = PurePosixPath(f"makeready_{name}")
            for path, text in (
                *rendered(name, role),
                *((package / place, text) for place, text in more.items()),
            ):
                (made / path).parent.mkdir(parents=True, exist_ok=True)
                (made / path).write_text(text, "utf-8")
            shutil.move(made, folder)
    except OSError as exc:
        where = exc.filename or folder
        raise ConfigError(
            f"{where} cannot be written: {exc.strerror}.",
            field="into",
            fix="Name another folder with --into.",
        ) from exc
    return sorted(path for path in folder.rglob("*") if path.is_file())


def rendered(name: str, role: Role) -> Iterator[tuple[PurePosixPath, str]]:
    """Each file by its place in the distribution. What is of one role stands beside what is common to both."""
    words = {"name": name, "Name": name.capitalize(), "edition": str(EDITION)}
    for part in ("common", role.value):
        for path, template in _below(TEMPLATES / part, PurePosixPath()):
            place = str(path).removesuffix(SUFFIX).replace("NAME", name)
            yield PurePosixPath(place), Template(template.read_text("utf-8")).substitute(words)


def _below(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, Traversable]]:
    for one in sorted(folder.iterdir(), key=lambda found: found.name):
        if one.is_dir():
            yield from _below(one, path / one.name)
        elif one.name.endswith(SUFFIX):
            yield path / one.name, one
