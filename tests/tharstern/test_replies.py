from typing import Any

import pytest
from connector_strategies import json_values
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks.errors import MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpAnswer
from makeready_tharstern.replies import read_reply, trouble
from scripted_http import answer

HTML = b"<!DOCTYPE html><html><body><h1>Service Unavailable</h1></body></html>"
NO_REASON = {"Status": {"Success": False}}
envelopes = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("Status", "Details", "Message", "ModelState"), json_values),
)
statuses = st.sampled_from([200, 400, 401, 403, 404, 405, 500, 502, 503])


def error(given: HttpAnswer, *, change: bool) -> MakereadyError:
    return trouble(given, read_reply(given), "estrequest", changes_something=change)


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (200, {"Status": {"Success": False, "Message": "No rights."}}, "No rights."),
        (
            400,
            {"Status": {"Success": False}, "Details": {"Result": {"Problems": ["Too big.", "Too thin."]}}},
            "Too big. Too thin.",
        ),
        (
            400,
            {"Message": "The request is invalid.", "ModelState": {"order.Quantity": ["Must be above zero."]}},
            "The request is invalid. order.Quantity: Must be above zero.",
        ),
        (
            400,
            {"ModelState": {"order.Quantity": "Must be above zero."}},
            "order.Quantity: Must be above zero.",
        ),
        (404, {"Message": "No HTTP resource was found."}, "No HTTP resource was found."),
    ],
)
def test_each_shape_of_a_refusal_is_shown_in_tharstern_s_words(status: int, body: Any, text: str) -> None:
    reply = read_reply(answer(body, status))
    assert reply is not None
    assert (reply.success, reply.text) == (False, text)
    refused = error(answer(body, status), change=False)
    assert isinstance(refused, Refused) and text in str(refused)


def test_success_counts_only_as_a_boolean_and_with_status_200() -> None:
    said = {"Status": {"Success": True}, "Details": {"ID": 1}}
    assert read_reply(answer(said)).success  # type: ignore[union-attr]
    assert not read_reply(answer(said, 500)).success  # type: ignore[union-attr]
    assert not read_reply(answer({"Status": {"Success": "true"}})).success  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [
        HTML,
        b"",
        b'{"Status":{"Success":true},"Det',
        b"[]",
        b"null",
        b'{"Message":"\xff\xfe"}',
        b"[" * 100_000,
    ],
    ids=["html", "empty", "truncated", "array", "null", "not-utf8", "too-deep"],
)
def test_what_is_no_envelope_is_not_a_reply(body: bytes) -> None:
    assert read_reply(answer(body)) is None


@given(json_values | envelopes, statuses, st.booleans())
def test_no_json_crashes_the_reader(body: Any, status: int, change: bool) -> None:
    found = error(answer(body, status), change=change)
    assert isinstance(found, MakereadyError)
    assert len(str(found)) < 700


@given(st.binary(), statuses, st.booleans())
def test_no_bytes_crash_the_reader(body: bytes, status: int, change: bool) -> None:
    assert isinstance(error(answer(body, status), change=change), MakereadyError)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [HTML, {"Message": "An error has occurred."}])
def test_a_failing_server_is_try_later_for_a_read_and_unknown_for_a_change(status: int, body: Any) -> None:
    assert isinstance(error(answer(body, status), change=False), RetryLater)
    assert isinstance(error(answer(body, status), change=True), OutcomeUnknown)


def test_an_answer_that_cannot_be_read_is_try_later_for_a_read_and_unknown_for_a_change() -> None:
    assert isinstance(error(answer(HTML), change=False), RetryLater)
    assert isinstance(error(answer(HTML), change=True), OutcomeUnknown)


def test_a_failure_without_a_reason_does_not_say_whether_a_change_was_done() -> None:
    assert isinstance(error(answer(NO_REASON), change=True), OutcomeUnknown)
    assert isinstance(error(answer(NO_REASON), change=False), Refused)


@pytest.mark.parametrize("status", [400, 403, 404])
@pytest.mark.parametrize("change", [True, False])
def test_a_clear_no_is_refused_for_reads_and_changes(status: int, change: bool) -> None:
    assert isinstance(error(answer({"Message": "No."}, status), change=change), Refused)
    assert isinstance(error(answer(HTML, status), change=change), Refused)


@pytest.mark.parametrize(
    ("status", "body", "untouched", "kind"),
    [
        (503, HTML, (503,), RetryLater),
        (503, HTML, (), OutcomeUnknown),
        (500, HTML, (503,), OutcomeUnknown),
        (503, NO_REASON, (503,), OutcomeUnknown),
    ],
)
def test_only_what_something_before_tharstern_answers_is_no_doubt_and_only_where_a_setting_says_so(
    status: int, body: Any, untouched: tuple[int, ...], kind: type[MakereadyError]
) -> None:
    given = (
        answer(body, status) if isinstance(body, dict) else HttpAnswer(status=status, headers={}, body=body)
    )
    told = trouble(given, read_reply(given), "orders", changes_something=True, untouched=untouched)
    assert type(told) is kind
