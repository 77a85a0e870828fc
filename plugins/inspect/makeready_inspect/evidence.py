"""The evidence file of one order: everything received, decided, sent and answered, chained by hash."""

import hashlib
import json
from typing import Annotated

import msgspec
from makeready.contexts import At, HistoryStore
from makeready.orders.views.history import OrderStory, order_story
from makeready.times import format_utc
from msgspec import Meta, Struct

FIRST = "0" * 64


class Entry(Struct, frozen=True, kw_only=True):
    at: Annotated[str, Meta(description="UTC.")]
    kind: Annotated[str, Meta(description="received, decided, compared, resolved, sent, answered.")]
    text: str
    data: Annotated[str, Meta(description="What came or went, as it was.")] = ""
    hash: Annotated[
        str,
        Meta(
            description="SHA-256 of the hash before and this entry's other members as JSON with sorted names."
        ),
    ] = ""


class EvidenceDocument(Struct, frozen=True, kw_only=True):
    """What is handed to a vendor."""

    about: str
    chain: Annotated[str, Meta(description="How to check that no entry was changed.")]
    entries: tuple[Entry, ...]


class Evidence(Struct, frozen=True, kw_only=True):
    subscriber: str
    order: str
    entries: tuple[Entry, ...]


async def order_evidence(context: At[HistoryStore], subscriber: str, number: str) -> Evidence | None:
    """None if nothing is known of the order. Payloads and webhooks hold no credentials."""
    story = await order_story(context, subscriber, number)
    if story is None:
        return None
    return Evidence(subscriber=subscriber, order=number, entries=_chained(_entries(story)))


def _entries(story: OrderStory) -> list[tuple[float, Entry]]:
    found = [
        (one.received_at, _entry(one.received_at, "received", one.event, one.body.decode("utf-8", "replace")))
        for one in story.webhooks
    ]
    for bad in story.unreadable:
        document = bad.document.decode("utf-8", "replace")
        found.append((bad.since, _entry(bad.since, "received", bad.problem, document)))
    for row in story.history:
        text = f"line {row.line}: {row.from_state or 'new'} -> {row.to_state} ({row.cause}), by {row.actor}"
        found.append((row.at, _entry(row.at, "decided", text)))
    for sent in story.sent:
        for text in sent.differences:
            found.append((sent.submission.sent_at, _entry(sent.submission.sent_at, "compared", text)))
        for one in sent.resolved:
            text = f"{one.kind} {one.id} in the MIS: {one.text}"
            found.append((sent.submission.sent_at, _entry(sent.submission.sent_at, "resolved", text)))
        for attempt in sent.attempts:
            payload = attempt.payload.decode("utf-8", "replace")
            found.append((attempt.sent_at, _entry(attempt.sent_at, "sent", sent.submission.key, payload)))
            if attempt.outcome or attempt.answer:
                answer = attempt.answer.decode("utf-8", "replace")
                found.append((attempt.sent_at, _entry(attempt.sent_at, "answered", attempt.outcome, answer)))
    return sorted(found, key=lambda one: one[0])


def _entry(at: float, kind: str, text: str, data: str = "") -> Entry:
    return Entry(at=format_utc(at), kind=kind, text=text, data=data)


def _chained(entries: list[tuple[float, Entry]]) -> tuple[Entry, ...]:
    chained, before = [], FIRST
    for _, entry in entries:
        before = link(before, entry)
        chained.append(Entry(at=entry.at, kind=entry.kind, text=entry.text, data=entry.data, hash=before))
    return tuple(chained)


def link(before: str, entry: Entry) -> str:
    """The hash of an entry that follows ``before``."""
    members = {"at": entry.at, "kind": entry.kind, "text": entry.text, "data": entry.data}
    return hashlib.sha256((before + json.dumps(members, sort_keys=True)).encode()).hexdigest()


def as_document(evidence: Evidence) -> str:
    """JSON, with a sentence that says how to check the chain."""
    return json.dumps(msgspec.to_builtins(document_of(evidence)), indent=2, ensure_ascii=False) + "\n"


def document_of(evidence: Evidence) -> EvidenceDocument:
    return EvidenceDocument(
        about=f"Order {evidence.order} of {evidence.subscriber}",
        chain=f"hash = SHA-256 of the hash before (first: {FIRST}) and the JSON of at, data, kind, text",
        entries=evidence.entries,
    )


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Evidence: order {{ e.order }}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{background:#f3f4f6;padding:.8rem;overflow-x:auto}small{color:#667}</style></head>
<body><h1>Order {{ e.order }} of {{ e.subscriber }}</h1>
<p>Everything received, decided, sent and answered, in order. Times are UTC. Each entry's hash holds the one before.</p>
{% for entry in e.entries %}<section><h2>{{ entry.at }}: {{ entry.kind }}</h2><p>{{ entry.text }}</p>
{% if entry.data %}<pre>{{ entry.data }}</pre>{% endif %}<small>{{ entry.hash }}</small></section>
{% endfor %}</body></html>
"""


def as_page(evidence: Evidence) -> str:
    """A page that reads without anything else. What came from outside is shown harmless."""
    import jinja2  # noqa: PLC0415 - most commands show no page

    return jinja2.Environment(autoescape=True).from_string(PAGE).render(e=evidence)
