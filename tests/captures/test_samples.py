"""A sample gives back what a vendor said."""

from pathlib import Path

import pytest
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.testing.samples import Exchange, Sample, SampleHttp, read_sample
from makeready_lab.captures.redaction import Redaction
from makeready_lab.captures.sample import Recorded, written


def a_sample(*calls: Recorded) -> Sample:
    redaction = Redaction(key=b"for a test")
    exchanges: tuple[Exchange, ...] = tuple(map(redaction.redacted, calls))
    return Sample(connector="acme", made_on="2026-01-01", exchanges=exchanges)


async def ask(http: SampleHttp, path: str, *query: tuple[str, str], method: str = "GET") -> HttpAnswer:
    return await http.send(HttpRequest(method=method, url=f"https://vendor.example{path}", query=query))


async def test_an_answer_comes_with_its_status_headers_and_body_as_the_vendor_wrote_it(
    tmp_path: Path,
) -> None:
    body = b'{"Price": 10.50, "Big": 123456789012345678901234567890}'
    call = Recorded(
        method="GET", path="/api/a b", status=207, headers=(("ETag", "7"), ("X-Odd", "1")), answer=body
    )
    (tmp_path / "sample.json").write_bytes(written(a_sample(call)))
    answer = await ask(SampleHttp(read_sample(tmp_path / "sample.json")), "/API/a%20b")
    assert (answer.status, answer.headers) == (207, {"etag": "7"})
    assert b"".join(answer.body.split()) == b"".join(body.split())


async def test_calls_are_told_apart_by_method_path_and_query() -> None:
    calls = [
        Recorded(method="GET", path="/a", query=(("page", "1"),), answer=b'"one"'),
        Recorded(method="GET", path="/a", query=(("page", "2"),), answer=b'"two"'),
        Recorded(method="POST", path="/a", answer=b'"made"'),
    ]
    http = SampleHttp(a_sample(*calls))
    assert (await ask(http, "/a", ("page", "2"), ("token", "of the test"))).body == b'"two"'
    assert (await ask(http, "/a", ("page", "1"))).body == b'"one"'
    assert (await ask(http, "/a", method="POST")).body == b'"made"'
    with pytest.raises(LookupError, match="no answer to GET a"):
        await ask(http, "/a", ("page", "3"))


async def test_what_was_asked_twice_is_answered_in_turn_and_the_last_answer_stays() -> None:
    http = SampleHttp(a_sample(*(Recorded(method="GET", path="/a", answer=one) for one in (b"1", b"2"))))
    assert [(await ask(http, "/a")).body for _ in range(3)] == [b"1", b"2", b"2"]
