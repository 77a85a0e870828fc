"""Preview and evidence: looking at an order without changing anything."""

import json

import msgspec
import pytest
from makeready.orders.views.preview import preview_order
from makeready_hooks.errors import ConfigError
from makeready_inspect.evidence import FIRST, Entry, as_document, as_page, link, order_evidence
from pretend import Bench, line, order
from steps import ask_to_look, settle


async def test_a_preview_shows_the_payload_of_today_and_why_other_lines_stay(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994", line(1), line(2, approved=False), line(3, part_number="X"))
    sent, waiting, foreign = await preview_order(bench.installation, bench.subscriber, "6994")
    assert (sent.key, sent.lines) == ("6994-1", (1,))
    assert msgspec.json.decode(sent.payload)["key"] == "6994-1"
    assert "waits for approval" in waiting.reason
    assert "not a product of the MIS" in foreign.reason
    assert bench.mis.received == []
    assert await bench.installation.store.ledger.lines("northfield") == []


async def test_a_preview_of_what_was_sent_has_its_key_and_not_a_new_one(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    [preview] = await preview_order(bench.installation, bench.subscriber, "6994")
    assert preview.key == "6994-1"


async def test_a_preview_of_nothing_is_told(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="no order 404"):
        await preview_order(bench.installation, bench.subscriber, "404")


async def test_the_evidence_is_a_chain_that_anybody_can_check(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    evidence = await order_evidence(bench.installation, "northfield", "6994")
    assert evidence is not None
    document = json.loads(as_document(evidence))
    before = FIRST
    for members in document["entries"]:
        given = members.pop("hash")
        before = link(before, Entry(**members))
        assert given == before
    kinds = [members["kind"] for members in document["entries"]]
    assert kinds.count("sent") == kinds.count("answered") == 1


async def test_what_a_vendor_sent_is_shown_harmless(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994", line(part_number="<script>alert(1)</script>"))
    await ask_to_look(bench, "6994")
    await settle(bench)
    evidence = await order_evidence(bench.installation, "northfield", "6994")
    assert evidence is not None
    assert "<script>" not in as_page(evidence)


async def test_there_is_no_evidence_of_nothing(bench: Bench) -> None:
    assert await order_evidence(bench.installation, "northfield", "404") is None
