"""What a reply means. Tharstern says no in four shapes, two of them with status 200 (seen)."""

from collections.abc import Collection
from typing import Any

from makeready_hooks.errors import MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer
from makeready_hooks.outside import Unreadable, read_json
from msgspec import Struct

MAX_TEXT = 500


class Reply(Struct, frozen=True, kw_only=True):
    """A readable JSON reply."""

    status: int
    success: bool
    details: dict[str, Any]
    text: str
    """Everything the reply says about what is wrong, in Tharstern's words."""


def read_reply(answer: HttpAnswer) -> Reply | None:
    """The envelope, or one of the error shapes; None for anything that is not JSON of that kind."""
    try:
        body = read_json(answer.body)
    except Unreadable:
        return None
    if not isinstance(body, dict):
        return None
    state, details = body.get("Status"), body.get("Details")
    success = isinstance(state, dict) and state.get("Success") is True and answer.status == 200
    return Reply(
        status=answer.status,
        success=success,
        details=details if isinstance(details, dict) else {},
        text=_text(body)[:MAX_TEXT],
    )


def _text(body: dict[str, Any]) -> str:
    state = body.get("Status")
    words = (
        {name: value for name, value in state.items() if name != "Success"}
        if isinstance(state, dict)
        else state
    )
    found = [
        *_strings(_dig(body, "Details", "Result", "Problems")),
        *_strings(body.get("Message")),
        *_model_errors(body.get("ModelState")),
        *_strings(words),
    ]
    return " ".join(dict.fromkeys(found))


def _dig(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _strings(value: Any) -> list[str]:
    """All texts in a value, whatever it is nested in."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _strings(one)]


def _model_errors(state: Any) -> list[str]:
    """``ModelState`` names the field: a list of texts by field, or one text (both are possible)."""
    if not isinstance(state, dict):
        return []
    return [f"{name}: {text}" for name, value in state.items() for text in _strings(value)]


def trouble(
    answer: HttpAnswer,
    reply: Reply | None,
    function: str,
    *,
    changes_something: bool,
    untouched: Collection[int] = (),
) -> MakereadyError:
    """The error that an unsuccessful answer stands for.

    A call that changes something is refused only if Tharstern says so in a form we know (400 with
    reasons, 401, 403, 404, 405): a failure without a clear reason has been seen although the record existed.
    ``untouched``: statuses with which something before Tharstern answers, so that nothing was done.
    """
    words = reply.text if reply and reply.text else f"HTTP {answer.status}"
    if answer.status in (400, 401, 403, 404, 405):
        return Refused(f"Tharstern refuses {function}: {words}.")
    if changes_something and (reply is not None or answer.status not in untouched):
        return OutcomeUnknown(f"Tharstern's answer to {function} does not say whether it was done: {words}.")
    if answer.status == 200 and reply:
        return Refused(f"Tharstern refuses {function}: {words}.")
    return RetryLater(f"Tharstern cannot answer {function} just now: {words}.")
