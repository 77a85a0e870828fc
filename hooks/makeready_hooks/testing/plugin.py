"""What pytest does for the contract kit, wherever it is installed: its assertions say what they have seen, a failure names
the promise that is broken, and settings that are missing are told in a sentence.
"""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

pytest.register_assert_rewrite("makeready_hooks.testing.contracts")

WITHOUT_ASYNC = (
    "The tests of the contract kit are coroutines, and nothing here runs them: install pytest-asyncio (it comes with "
    "makeready-hooks[testing])."
)
NOT_AUTO = (
    'The tests of the contract kit need asyncio_mode = "auto": write that under [tool.pytest.ini_options] in '
    "pyproject.toml."
)


def _is_of_the_kit(item: pytest.Item) -> bool:
    kind = getattr(item, "cls", None)
    return kind is not None and any(
        one.__module__.startswith("makeready_hooks.testing.contracts") for one in kind.__mro__
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without these settings the tests would be skipped or fail one by one, and nobody would know why."""
    if not any(
        _is_of_the_kit(one) and inspect.iscoroutinefunction(getattr(one, "function", None)) for one in items
    ):
        return
    if not config.pluginmanager.has_plugin("asyncio"):
        raise pytest.UsageError(WITHOUT_ASYNC)
    mode: Any = config.getoption("asyncio_mode") or config.getini("asyncio_mode")
    if str(getattr(mode, "value", mode)) != "auto":
        raise pytest.UsageError(NOT_AUTO)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome: Any = yield
    report = outcome.get_result()
    if report.failed and _is_of_the_kit(item):
        test = item.name.partition("[")[0]
        words = test.removeprefix("test_").replace("_", " ")
        told = f"{words[:1].upper()}{words[1:]}.\nSee it alone: pytest -k {test}"
        report.sections.append(("the promise of the contract", told))
