"""Runs tests of the kit against a connector, without pytest around each: a hundred connectors in seconds."""

import inspect
import itertools
from collections.abc import Iterator
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import pytest

PASSED, SKIPPED = "", "skipped"


def names_of(contract: Any) -> list[str]:
    return sorted(name for name in dir(contract) if name.startswith("test_"))


def sentence_of(name: str) -> str:
    """The promise that a test is about: its name."""
    words = name.removeprefix("test_").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}."


async def run(contract: Any, name: str) -> str:
    """What the first of its cases that fails says; `PASSED`, or `SKIPPED` if none did anything."""
    said = [await _run(contract, name, case) for case in _cases(contract, name)]
    failed = [one for one in said if one not in (PASSED, SKIPPED)]
    return failed[0] if failed else PASSED if PASSED in said else SKIPPED


def _marks(contract: Any, name: str, kind: str) -> list[Any]:
    return [one for one in getattr(getattr(contract, name), "pytestmark", ()) if one.name == kind]


def _cases(contract: Any, name: str) -> Iterator[dict[str, Any]]:
    """Of ``parametrize``, and of fixtures with parameters."""
    choices: list[list[dict[str, Any]]] = []
    for mark in _marks(contract, name, "parametrize"):
        names = (
            [one.strip() for one in mark.args[0].split(",")]
            if isinstance(mark.args[0], str)
            else mark.args[0]
        )
        rows = [row if len(names) > 1 else (row,) for row in mark.args[1]]
        choices.append([dict(zip(names, row, strict=True)) for row in rows])
    for used in inspect.signature(getattr(contract, name)).parameters:
        if used != "self" and (params := _params(contract, used)):
            choices.append([{f"param of {used}": one} for one in params])
    for case in itertools.product(*choices):
        yield {key: value for part in case for key, value in part.items()}


def _params(contract: Any, fixture: str) -> Any:
    found = getattr(contract, fixture, None)
    return found._fixture_function_marker.params if hasattr(found, "_fixture_function_marker") else None


async def _run(contract: Any, name: str, case: dict[str, Any]) -> str:
    async with AsyncExitStack() as stack:
        tests, made = contract(), dict(case)
        try:
            for mark in _marks(contract, name, "usefixtures"):
                for used in mark.args:
                    await _given(tests, used, made, stack)
            asked = list(inspect.signature(getattr(tests, name)).parameters)
            given = {one: await _given(tests, one, made, stack) for one in asked}
            done = getattr(tests, name)(**given)
            if inspect.isawaitable(done):
                await done
        except pytest.skip.Exception:
            return SKIPPED
        except (Exception, pytest.fail.Exception) as exc:
            return f"{sentence_of(name)} {type(exc).__name__}: {exc}"
    return PASSED


async def _given(tests: Any, name: str, made: dict[str, Any], stack: AsyncExitStack) -> Any:
    if name not in made:
        made[name] = await _made(tests, name, made, stack)
    return made[name]


async def _made(tests: Any, name: str, made: dict[str, Any], stack: AsyncExitStack) -> Any:
    if name == "monkeypatch":
        patch = pytest.MonkeyPatch()
        stack.callback(patch.undo)
        return patch
    function = getattr(type(tests), name)._get_wrapped_function()
    asked = [one for one in inspect.signature(function).parameters if one not in ("self", "request")]
    given = {one: await _given(tests, one, made, stack) for one in asked}
    if "request" in inspect.signature(function).parameters:
        given["request"] = SimpleNamespace(param=made[f"param of {name}"])
    result = function(tests, **given)
    if inspect.isasyncgen(result):
        stack.push_async_callback(result.aclose)
        return await anext(result)
    return await result if inspect.isawaitable(result) else result
