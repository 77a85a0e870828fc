"""What real exchanges say to a connector's assumptions, by the rules that stand beside these. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from makeready_hooks.model.assumptions import Assumption, Rule, RuleKind
from makeready_hooks.testing.samples import Exchange
from msgspec import UNSET, Struct

GONE = (404, 405, 501)


class Answer(StrEnum):
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_SEEN = "not seen"


class Verdict(Struct, frozen=True, kw_only=True):
    name: str
    answer: Answer
    words: str = ""
    """What was seen, for people."""


def verdicts(assumptions: Sequence[Assumption], exchanges: Sequence[Exchange]) -> tuple[Verdict, ...]:
    """One for each assumption, in their order."""
    values = {one.name: one.value for one in assumptions}
    return tuple(_verdict(one, values, exchanges) for one in assumptions)


def _verdict(one: Assumption, values: Mapping[str, Any], exchanges: Sequence[Exchange]) -> Verdict:
    if one.rule is None:
        return Verdict(name=one.name, answer=Answer.NOT_SEEN, words="no exchange can tell")
    if not _names(one.value):
        return Verdict(name=one.name, answer=Answer.NOT_SEEN, words="it is empty")
    found = list(JUDGES[one.rule.kind](one, one.rule, values, exchanges))
    refuted = [words for right, words in found if not right]
    if refuted and not any(right for right, _ in found):
        return Verdict(name=one.name, answer=Answer.REFUTED, words=refuted[0])
    if found:
        return Verdict(
            name=one.name, answer=Answer.CONFIRMED, words=next(words for right, words in found if right)
        )
    return Verdict(name=one.name, answer=Answer.NOT_SEEN)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(value) if isinstance(value, tuple | list) else ()


def _member(
    one: Assumption, rule: Rule, values: Mapping[str, Any], exchanges: Iterable[Exchange]
) -> Iterator[tuple[bool, str]]:
    """Each row with it speaks for it; an answer with rows of which none has it, against it."""
    for exchange in _of_path(exchanges, rule.path):
        answer = _json(exchange)
        rows = [answer] if rule.whole and isinstance(answer, dict) else rows_of(answer)
        if rule.within:
            rows = [inner for row in rows for inner in rows_of(row.get(str(values[rule.within]))) if inner]
        with_it = [name for row in rows for name in _names(one.value) if name in row]
        if with_it:
            yield (
                True,
                f"{with_it[0]} is in {len(with_it)} of {len(rows)} of {exchange.method} {exchange.path}",
            )
        elif rows and not rule.optional:
            shown = ", ".join(sorted(rows[0])[:12])
            yield (
                False,
                f"{exchange.method} {exchange.path} shows {shown}, and no {' or '.join(_names(one.value))}",
            )


def _query(
    one: Assumption, rule: Rule, values: Mapping[str, Any], exchanges: Iterable[Exchange]
) -> Iterator[tuple[bool, str]]:
    """Rows that show what was asked for, or as many as were asked for, speak for it."""
    for exchange in _of_path(exchanges, rule.path, failed=True):
        asked = [
            value
            for name, value in exchange.query
            if re.fullmatch(rf"{re.escape(one.value)}(\[\d+\])?", name)
        ]
        if not asked:
            continue
        call = f"{exchange.method} {exchange.path}?{one.value}={asked[0]}"
        rows = rows_of(_json(exchange))
        if 400 <= exchange.status < 500 and exchange.status != 429:
            yield False, f"{call} is answered with {exchange.status}"
        elif rule.shows and rows:
            shown = str(values.get(rule.shows, rule.shows))
            right = [str(row.get(shown)) in asked for row in rows if shown in row]
            if right:
                yield all(right), f"{call}: {sum(right)} of {len(right)} rows show it as {shown}"
        elif not rule.shows and asked[0].isdecimal() and len(rows) >= int(asked[0]):
            yield len(rows) == int(asked[0]), f"{call} is answered with {len(rows)} rows"


def _path(
    one: Assumption, rule: Rule, values: Mapping[str, Any], exchanges: Iterable[Exchange]
) -> Iterator[tuple[bool, str]]:
    path = rule.path.replace("{value}", re.sub(r"{\w+}", "{}", one.value))
    for exchange in _of_path(exchanges, path, failed=True):
        if exchange.status in GONE or 200 <= exchange.status < 300:
            call = f"{exchange.method} {exchange.path}"
            yield exchange.status not in GONE, f"{call} is answered with {exchange.status}"


JUDGES = {RuleKind.MEMBER: _member, RuleKind.QUERY: _query, RuleKind.PATH: _path}


def _of_path(exchanges: Iterable[Exchange], path: str, *, failed: bool = False) -> Iterator[Exchange]:
    """Those whose path ends so and that went well; or all of that path."""
    parts = ("[^/]+" if part == "{}" else re.escape(part) for part in path.strip("/").split("/"))
    ends = re.compile(rf"(.*/)?{'/'.join(parts)}", re.IGNORECASE)
    for one in exchanges:
        if ends.fullmatch(one.path.strip("/")) and (failed or 200 <= one.status < 300):
            yield one


def _json(exchange: Exchange) -> Any:
    return None if exchange.body.json is UNSET else msgspec.json.decode(exchange.body.json)


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The first list of objects that is met from the outside in; else the object itself."""
    level = [answer]
    while level:
        for one in level:
            if isinstance(one, list) and any(isinstance(row, dict) for row in one):
                return [row for row in one if isinstance(row, dict)]
        level = [inner for one in level if isinstance(one, dict) for inner in one.values()]
        if any(isinstance(one, list) and not one for one in level):
            return []  # a list without rows: nothing can be said of what they have
    return [answer] if isinstance(answer, dict) and answer else []
