"""What an exchange says to an assumption."""

from typing import Annotated, Any

import msgspec
import pytest
from makeready.plugins import connectors
from makeready_hooks.model.assumptions import (
    INFERRED,
    UNKNOWN,
    Rule,
    RuleKind,
    assumed,
    assumptions_of,
    call_at,
    member_of,
    query_of,
)
from makeready_hooks.testing.samples import Body, Exchange
from makeready_lab.captures.verdicts import Answer, Verdict, verdicts
from msgspec import Raw, Struct


class Entries(Struct, frozen=True, kw_only=True):
    name: Annotated[str, assumed(INFERRED, "why", "then", member_of("items"))] = "Name"
    rare: Annotated[str, assumed(INFERRED, "why", "then", member_of("items", optional=True))] = "Rare"
    parts: Annotated[str, assumed(INFERRED, "why", "then", member_of("items"))] = "Parts"
    part: Annotated[str, assumed(INFERRED, "why", "then", member_of("items", within="parts"))] = "Part"
    files: Annotated[str, assumed(INFERRED, "why", "then", member_of("items/{}", whole=True))] = "Files"
    key: Annotated[str, assumed(UNKNOWN, "why", "then", query_of("items", shows="name"))] = "name"
    size: Annotated[str, assumed(UNKNOWN, "why", "then", query_of("items"))] = "size"
    path: Annotated[str, assumed(UNKNOWN, "why", "then", call_at("site/{}/{value}"))] = "Groups"
    empty: Annotated[str, assumed(UNKNOWN, "why", "then", member_of("items"))] = ""
    other: Annotated[int, assumed(UNKNOWN, "why", "then")] = 3


class Settings(Struct, frozen=True, kw_only=True):
    assumptions: Entries = Entries()


def judged(name: str, *exchanges: Exchange) -> Verdict:
    return next(one for one in verdicts(assumptions_of(Settings), exchanges) if one.name == name)


def answer(body: Any, path: str = "/api/items", status: int = 200, **query: str) -> Exchange:
    content = Body(json=Raw(msgspec.json.encode(body)))
    return Exchange(method="GET", path=path, query=tuple(query.items()), status=status, body=content)


ROW = {"Name": "x", "Parts": [{"Part": 1}]}
LISTED = {"Details": {"Total": 1, "Items": [ROW, {"Name": "y"}]}}


@pytest.mark.parametrize(
    ("name", "exchange", "said"),
    [
        ("name", answer(LISTED), Answer.CONFIRMED),
        ("name", answer([ROW]), Answer.CONFIRMED),
        ("name", answer({"Items": [{"Title": "x"}]}), Answer.REFUTED),
        ("name", answer({"Items": []}), Answer.NOT_SEEN),
        ("name", answer({"Items": [{"Title": "x"}]}, status=500), Answer.NOT_SEEN),
        ("name", answer({"Items": [{"Title": "x"}]}, path="/api/others"), Answer.NOT_SEEN),
        ("rare", answer(LISTED), Answer.NOT_SEEN),
        ("rare", answer([{"Rare": 1}]), Answer.CONFIRMED),
        ("part", answer(LISTED), Answer.CONFIRMED),
        ("part", answer([{"Parts": [{"Piece": 1}]}]), Answer.REFUTED),
        ("part", answer([{"Name": "x"}]), Answer.NOT_SEEN),
        ("files", answer({"Files": [{"Url": "x"}]}, path="/items/7"), Answer.CONFIRMED),
        ("files", answer({"Assets": [{"Files": "x"}]}, path="/items/7"), Answer.REFUTED),
        ("key", answer([{"Name": "x"}], name="x"), Answer.CONFIRMED),
        ("key", answer([{"Name": "x"}, {"Name": "y"}], name="x"), Answer.REFUTED),
        ("key", answer({}, status=400, name="x"), Answer.REFUTED),
        ("key", answer([], name="x"), Answer.NOT_SEEN),
        ("size", answer([ROW, ROW], size="2"), Answer.CONFIRMED),
        ("size", answer([ROW, ROW, ROW], size="2"), Answer.REFUTED),
        ("size", answer([ROW], size="2"), Answer.NOT_SEEN),
        ("path", answer([], path="/api/site/shop.example/groups"), Answer.CONFIRMED),
        ("path", answer({}, path="/api/site/shop.example/Groups", status=404), Answer.REFUTED),
        ("path", answer({}, path="/api/site/shop.example/Groups", status=503), Answer.NOT_SEEN),
        ("empty", answer(LISTED), Answer.NOT_SEEN),
        ("other", answer(LISTED), Answer.NOT_SEEN),
    ],
)
def test_a_rule_says(name: str, exchange: Exchange, said: Answer) -> None:
    verdict = judged(name, exchange)
    assert verdict.answer is said, verdict.words


def test_what_was_once_right_is_right() -> None:
    assert judged("name", answer([{"Title": 1}]), answer([ROW])).answer is Answer.CONFIRMED


ENTRIES = [(kind.name, one) for kind in connectors().types.values() for one in assumptions_of(kind.settings)]


@pytest.mark.parametrize(("connector", "one"), ENTRIES, ids=[f"{of}-{one.name}" for of, one in ENTRIES])
def test_every_assumption_has_evidence_and_a_consequence(connector: str, one: Any) -> None:
    assert one.evidence
    assert one.why.endswith(".")
    assert one.if_wrong.endswith(".")
    assert one.if_wrong != one.why


@pytest.mark.parametrize(("connector", "one"), ENTRIES, ids=[f"{of}-{one.name}" for of, one in ENTRIES])
def test_a_rule_fits_its_assumption(connector: str, one: Any) -> None:
    rule: Rule | None = one.rule
    if rule is not None:
        others = {name: entry.value for of, entry in ENTRIES if of == connector for name in [entry.name]}
        assert isinstance(one.value, str)
        assert not rule.within or isinstance(others[rule.within], str)
        assert ("{value}" in rule.path) == (rule.kind is RuleKind.PATH)
