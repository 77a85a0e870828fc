"""The kit's line: each fault does what it says; kept answers or a sandbox can stand at its end; pytest is set up or told."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from makeready_hooks import specs
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.testing.faults import (
    BUSY,
    CUT,
    EVERY,
    EXPIRED,
    GIVES_COOKIE,
    LOST,
    UNREADABLE,
    Says,
    redirect,
    status,
)
from makeready_hooks.testing.http import CannedHttp, Line, SandboxHttp
from makeready_hooks.testing.kit import Vendor
from makeready_hooks.testing.lists import (
    NOTHING_FOUND,
    ROWS_WITHHELD,
    TURNED,
    TWICE,
    everything_found,
    total_off_by,
)
from platen_contract import PlatenContract
from run_kit import PASSED, SKIPPED, names_of, run

READ = HttpRequest(method="GET", url="http://vendor.example/things", headers={"X-Key": "hush"})
CHANGE = msgspec.structs.replace(READ, method="POST", changes_something=True)
KIT = Path(specs.__file__).parent / "testing"


class Counting:
    def __init__(self) -> None:
        self.reached = 0

    async def __call__(self, request: HttpRequest) -> HttpAnswer:
        self.reached += 1
        return HttpAnswer(status=200, headers={}, body=b'{"things": [1, 2, 3]}')


class Answering(Counting):
    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    async def __call__(self, request: HttpRequest) -> HttpAnswer:
        return msgspec.structs.replace(await super().__call__(request), body=self._body)


async def test_a_fault_befalls_the_request_it_is_meant_for_and_no_other() -> None:
    line = Line(Counting())
    line.inject(status(500), at=2)
    answers = [(await line.send(READ)).status for _ in range(3)]
    assert answers == [200, 500, 200]


@pytest.mark.parametrize("fault", EVERY, ids=lambda fault: fault.name)
async def test_a_fault_reaches_the_vendor_only_if_it_says_so(fault: Any) -> None:
    vendor = Counting()
    line = Line(vendor)
    line.inject(fault)
    try:
        answer = await line.send(CHANGE)
        assert answer.body != b'{"things": [1, 2, 3]}' or fault.says is Says.UNKNOWN
    except (OutcomeUnknown, RetryLater):
        assert fault.answer is None
    assert vendor.reached == fault.reaches
    line.mend()
    assert (await line.send(READ)).status == 200


async def test_lists_are_emptied_turned_doubled_and_miscounted_and_what_changes_something_is_left_alone() -> (
    None
):
    body = b'{"details": {"things": [{"parts": [1, 2]}, {"parts": []}], "total": 2}, "more": 2}'
    for fault, rows, total in (
        (NOTHING_FOUND, [], 0),
        (ROWS_WITHHELD, [], 2),
        (TURNED, [{"parts": []}, {"parts": [1, 2]}], 2),
        (TWICE, [{"parts": [1, 2]}] * 2 + [{"parts": []}] * 2, 2),
        (total_off_by(-3), [{"parts": [1, 2]}, {"parts": []}], 0),
    ):
        line = Line(Answering(body))
        line.inject(fault)
        told = json.loads((await line.send(READ)).body)
        assert told == {"details": {"things": rows, "total": total}, "more": 2}, fault.name
        assert (await line.send(CHANGE)).body == body


async def test_a_search_that_finds_everything_shows_what_others_were_shown_before_and_each_row_once() -> None:
    line = Line(by_query)
    of = {one: msgspec.structs.replace(READ, query=(("name", one),)) for one in "abc"}
    for request in of.values():
        await line.send(request)
    line.inject(everything_found(line.heard))
    told = json.loads((await line.send(of["b"])).body)
    assert told == {"found": ["a", "c", "b", "all"], "count": 4}
    other = msgspec.structs.replace(READ, url="http://vendor.example/other", query=(("name", "b"),))
    assert json.loads((await line.send(other)).body)["found"] == ["b", "all"]


async def by_query(request: HttpRequest) -> HttpAnswer:
    body = json.dumps({"found": [request.query[0][1], "all"], "count": 2}).encode()
    return HttpAnswer(status=200, headers={}, body=body)


async def test_a_fault_can_go_on_from_a_request_and_gives_way_to_one_that_was_injected_before() -> None:
    line = Line(Counting())
    line.inject(status(404), at=3)
    line.inject(status(500), at=2, onward=True)
    assert [(await line.send(READ)).status for _ in range(4)] == [200, 500, 404, 500]


async def test_every_status_that_matters_is_among_the_faults() -> None:
    line, seen = Line(Counting()), set()
    for fault in (*EVERY, redirect(302), GIVES_COOKIE):
        line.mend()
        line.inject(fault)
        if fault not in (LOST, CUT) and fault.answer:
            seen.add((await line.send(READ)).status)
    assert seen >= {400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 302, 200}
    assert {one.says for one in BUSY} == {Says.LATER}
    assert EXPIRED.says is Says.WHO
    assert all(one.says is Says.UNREADABLE for one in UNREADABLE)


async def test_a_server_that_repeats_what_it_was_sent_repeats_the_secret() -> None:
    line = Line(Counting())
    line.inject(status(500))
    assert b"hush" in (await line.send(READ)).body


async def test_a_sandbox_is_reached_over_the_network_and_no_cookie_or_redirect_is_its_client_s() -> None:
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /other\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhm"
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    http, port = SandboxHttp(), server.sockets[0].getsockname()[1]
    request = msgspec.structs.replace(READ, url=f"http://127.0.0.1:{port}/things")
    try:
        told = [await http.send(request) for _ in range(2)]
    finally:
        await http.aclose()
        server.close()
        await server.wait_closed()
    assert [(one.status, one.body) for one in told] == [(302, b"hm")] * 2
    assert [one.partition(b" HTTP")[0] for one in heard] == [b"GET /things"] * 2
    assert not any(b"cookie" in one.lower() for one in heard)


ACCOUNT = b'{"name": "Northfield", "currency": "EUR"}'
PRICES = [b'{"amount": "50.25"}']


class FromKeptAnswers(PlatenContract):
    @pytest.fixture
    async def vendor(self) -> AsyncIterator[Vendor]:
        kept = {"GET /v2/account": [ACCOUNT], "GET /v2/prices": PRICES}
        yield Vendor(CannedHttp(kept), {"server_url": "http://vendor.example", "key": "kept"})


async def test_kept_answers_are_enough_for_what_needs_no_look_at_the_vendor() -> None:
    """The other tests are skipped, with a reason; none fails for want of an emulator."""
    said = {name: await run(FromKeptAnswers, name) for name in names_of(FromKeptAnswers)}
    assert said["test_a_connection_that_works_has_no_finding"] == PASSED
    assert said["test_a_price_is_above_zero_and_the_same_question_gets_the_same_answer"] == PASSED
    assert said["test_every_line_arrives_with_its_product_and_its_quantity"] == SKIPPED
    failed = {name: text for name, text in said.items() if text not in (PASSED, SKIPPED)}
    # kept for another purpose: the only price that was kept is that of a product
    assert set(failed) <= {"test_there_is_no_price_for_nothing", "test_there_is_no_price_for_a_product_that_does_not_exist",
                           "test_a_refused_login_says_what_to_check_and_shows_no_secret"}  # fmt: skip


def test_every_hook_of_a_connector_is_called_by_the_kit() -> None:
    text = "".join(path.read_text() for path in KIT.rglob("*.py"))
    of_connectors = {
        name: spec for name, spec in vars(specs).items() if getattr(spec, "answers", specs) not in (specs,)
    }
    missing = [
        name
        for name, spec in of_connectors.items()
        if spec.answers.value != "every one" and name != "capabilities"
        if f".{name}(" not in text and f'"{name}"' not in text
    ]
    assert missing == []


TEST = """
from makeready_hooks.testing.kit import MisContract

class TestAcme(MisContract):
    kind = None
"""


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_settings_of_pytest_that_are_missing_are_told_in_a_sentence(tmp_path: Path, mode: str) -> None:
    (tmp_path / "test_acme.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    settings = ["-o", f"asyncio_mode={mode}", "-k", "building_it_calls_nobody", str(tmp_path)]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command, *settings], capture_output=True, text=True, cwd=tmp_path, env=env)  # noqa: S603
    told = "need asyncio_mode" in done.stderr + done.stdout
    assert told == (mode == "strict"), done.stdout + done.stderr
    assert (done.returncode == 4) == told


def test_a_failure_names_the_promise_that_is_broken(tmp_path: Path) -> None:
    body = (
        TEST
        + "    async def test_it_is_built_for_this_edition_of_the_contract(self):\n        assert 1 == 2\n"
    )
    (tmp_path / "test_acme.py").write_text(body)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto"]
    done = subprocess.run([*command, "-k", "edition", "."], capture_output=True, text=True, cwd=tmp_path)  # noqa: S603
    assert "It is built for this edition of the contract." in done.stdout
    assert "See it alone: pytest -k test_it_is_built_for_this_edition_of_the_contract" in done.stdout
