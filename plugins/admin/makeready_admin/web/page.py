"""The table of pages: address, who may use it, what it does. Routes, and the tests of access, are made from it."""

from collections.abc import Awaitable, Callable
from enum import Enum

from msgspec import Struct
from starlette.responses import Response

from makeready_admin.web.request import Visit


class Needs(Enum):
    """What somebody needs to be for a page."""

    NOTHING = "nothing"
    USER = "signed in"
    SEE = "a user who may see the subscriber"
    CHANGE = "a user who may change things of the subscriber"
    OPERATOR = "an operator"


class Page(Struct, frozen=True, kw_only=True):
    path: str
    """Below ``/admin``."""
    needs: Needs
    run: Callable[[Visit], Awaitable[Response]]
    method: str = "GET"
    action: str = ""
    """What the audit log calls it: every form that changes something has one."""
    target: str = ""
    """The field, or the part of the address, that says what it was done to."""
    asks_password: bool = False
    """The form has the user's password in it, so that nobody else who finds the browser open can send it."""
    without_factor: bool = False
    """Open to an operator who still has to set up the second factor that operators need."""


def page(
    path: str, needs: Needs, run: Callable[[Visit], Awaitable[Response]], *, without_factor: bool = False
) -> Page:
    return Page(path=path, needs=needs, run=run, without_factor=without_factor)


def form(
    path: str,
    needs: Needs,
    run: Callable[[Visit], Awaitable[Response]],
    action: str,
    *,
    target: str = "",
    asks_password: bool = False,
    without_factor: bool = False,
) -> Page:
    return Page(
        path=path,
        needs=needs,
        run=run,
        method="POST",
        action=action,
        target=target,
        asks_password=asks_password,
        without_factor=without_factor,
    )
