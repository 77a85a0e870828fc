"""A secret is not shown by accident: not in a log, an error, a page."""

import pytest
from makeready_hooks import Secret
from msgspec import Struct


class Settings(Struct):
    password: Secret


@pytest.mark.parametrize(
    "show", [str, repr, "{}".format, lambda one: repr([one]), lambda one: repr(Settings(one))]
)
def test_a_secret_shows_nothing_of_itself(show) -> None:
    shown = show(Secret("press-gang"))
    assert "press-gang" not in shown
    assert "hidden" in shown
