"""Extensions that are installed, or are not, for the time of a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from makeready import extensions, plugins


class _Entry:
    """As a distribution names it."""

    name = "of-a-test"

    def __init__(self, extension: object) -> None:
        self._extension = extension

    def load(self) -> object:
        return self._extension


@contextmanager
def extended(monkeypatch: pytest.MonkeyPatch, extension: object) -> Iterator[None]:
    real = plugins.entry_points

    def entry_points(*, group: str) -> "list[EntryPoint | Any]":
        more = [_Entry(extension)] if group == plugins.EXTENSIONS else []
        return [*real(group=group), *more]

    with _found(monkeypatch, entry_points):
        yield


@contextmanager
def without(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """``name``: of its entry point."""
    real = plugins.entry_points

    def entry_points(*, group: str) -> list[EntryPoint]:
        return [one for one in real(group=group) if group != plugins.EXTENSIONS or one.name != name]

    with _found(monkeypatch, entry_points):
        yield


@contextmanager
def _found(monkeypatch: pytest.MonkeyPatch, entry_points: Callable[..., list[Any]]) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(plugins, "entry_points", entry_points)
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    plugins.load_extensions.cache_clear()
    extensions.installed.cache_clear()
