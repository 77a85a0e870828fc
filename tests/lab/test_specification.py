"""Shapes and calls from an OpenAPI document: they are in shape, are imported, and read what the document describes."""

import itertools
import json
import subprocess
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from makeready_lab.scaffold.write import write
from makeready_lab.specification.document import Document
from makeready_lab.specification.shapes import Shapes
from makeready_lab.specification.write import specified
from members import ROOT
from processes import run
from scaffolded import run_in

pytestmark = pytest.mark.long

QUOIN = Path(__file__).parent / "quoin.yaml"
OPERATIONS = 40
count = itertools.count()


def text_of(schemas: Mapping[str, Any]) -> str:
    shapes = Shapes(Document({"openapi": "3.1.0", "components": {"schemas": schemas}}))
    shapes.write_all()
    return shapes.text


def module_of(schemas: Mapping[str, Any]) -> Any:
    made = types.ModuleType(f"shapes_{next(count)}")
    sys.modules[made.__name__] = made
    exec(compile(text_of(schemas), made.__name__, "exec"), vars(made))  # noqa: S102 - what it writes is the point
    return made


def in_shape(text: str) -> None:
    for tool in (
        ("format", "--check", "--diff"),
        ("check", "--select", "E,F,I,N,UP,RUF", "--ignore", "E501,RUF001,RUF002,RUF003"),
    ):
        line = ("--line-length", "110") if tool[0] == "format" else ("--config", "line-length=110")
        command = [sys.executable, "-m", "ruff", *tool, *line, "--isolated", "--target-version", "py311", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        assert done.returncode == 0, done.stdout + done.stderr


STRING, WHOLE = {"type": "string"}, {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (STRING, "a: str"),
        ({"type": "string", "format": "date"}, "a: dt.date"),
        ({"type": "string", "format": "date-time"}, "a: dt.datetime"),
        ({"type": "number"}, "a: Decimal"),
        ({"type": "boolean"}, "a: bool"),
        ({"type": "string", "nullable": True}, "a: str | None"),
        ({"type": ["string", "null"]}, "a: str | None"),
        ({"type": ["string", "integer"]}, "a: str | int"),
        ({"anyOf": [STRING, {"type": "null"}]}, "a: str | None"),
        ({"type": "array", "items": STRING}, "a: tuple[str, ...]"),
        ({"type": "array", "items": {"type": "string", "nullable": True}}, "a: tuple[str | None, ...]"),
        ({"type": "object"}, "a: dict[str, Any]"),
        ({"type": "object", "additionalProperties": WHOLE}, "a: dict[str, int]"),
        ({}, "a: Any"),
        ({"$ref": "#/components/schemas/Other"}, "a: Other"),
        ({"allOf": [{"$ref": "#/components/schemas/Other"}], "nullable": True}, "a: Other | None"),
        ({"allOf": [{"$ref": "#/components/schemas/Other"}, {"properties": {"y": WHOLE}}]}, "a: ThingA"),
        ({"type": "object", "properties": {"x": STRING}}, "a: ThingA"),
        ({"$ref": "#/components/schemas/Texts"}, "a: tuple[str, ...]"),
        ({"$ref": "#/components/schemas/Thing"}, "a: Thing"),
        ({"type": "string", "enum": ["new", "on hold"]}, "a: ThingA"),
        ({"enum": [1.5, 2.5]}, "a: Any"),
        ({"const": "order"}, "a: str"),
        ({"oneOf": [{"$ref": "#/components/schemas/Other"}, STRING]}, "a: Any"),
    ],
    ids=str,
)
def test_a_member_that_must_be_there_has_its_type(schema: Any, expected: str) -> None:
    thing = {"type": "object", "required": ["a"], "properties": {"a": schema}}
    others = {
        "Other": {"type": "object", "properties": {"x": STRING}},
        "Texts": {"type": "array", "items": STRING},
    }
    text = text_of({"Thing": thing, **others})
    assert f"    {expected}\n" in text
    in_shape(text)


@pytest.mark.parametrize(
    ("name", "member", "given_as"),
    [
        ("shipTo", "ship_to", "shipTo"),
        ("post-code", "post_code", "post-code"),
        ("class", "class_", "class"),
        ("2weeks", "n_2weeks", "2weeks"),
        ("HTTPStatus", "http_status", "HTTPStatus"),
        ("$type", "type", "$type"),
        ("", "member", ""),
        ("über", "ber", "über"),
    ],
)
def test_names_that_python_has_not_come_and_go_as_the_vendor_has_them(
    name: str, member: str, given_as: str
) -> None:
    thing = {"type": "object", "required": [name], "properties": {name: STRING}}
    in_shape(text_of({"Thing": thing}))
    read = msgspec.json.decode(json.dumps({given_as: "x"}), type=module_of({"Thing": thing}).Thing)
    assert getattr(read, member) == "x"
    assert json.loads(msgspec.json.encode(read)) == {given_as: "x"}


def test_what_may_be_missing_is_none_and_not_sent() -> None:
    made = module_of({"Thing": {"type": "object", "properties": {"a": STRING, "b": WHOLE}}})
    read = msgspec.json.decode(b'{"b": 1}', type=made.Thing)
    assert (read.a, read.b, msgspec.json.encode(read)) == (None, 1, b'{"b":1}')


def test_shapes_that_lead_to_themselves_and_to_one_another_are_read() -> None:
    ref = "#/components/schemas/"
    tree = {"type": "object", "properties": {"nodes": {"type": "array", "items": {"$ref": f"{ref}Tree"}}}}
    one = {"type": "object", "properties": {"other": {"$ref": f"{ref}Two"}}}
    two = {"allOf": [{"$ref": f"{ref}One"}, {"type": "object", "properties": {"n": WHOLE}}]}
    lists = {"type": "array", "items": {"$ref": f"{ref}Lists"}}
    schemas = {
        "Tree": tree,
        "One": one,
        "Two": two,
        "Lists": lists,
        "Has": {"properties": {"a": {"$ref": f"{ref}Lists"}}},
    }
    made = module_of(schemas)
    assert msgspec.json.decode(b'{"nodes":[{"nodes":[{}]}]}', type=made.Tree).nodes[0].nodes[0].nodes is None
    assert msgspec.json.decode(b'{"other":{"other":{"n":2}}}', type=made.One).other.other.n == 2


ODD = st.text(st.sampled_from("aZ9_-$ é'%"), max_size=8)
PLAIN = st.sampled_from(
    [
        (STRING, "x"),
        (WHOLE, 7),
        ({"type": "boolean"}, True),
        ({"type": "string", "enum": ["a b", "", "1"]}, "1"),
    ]
)


def grown(inner: st.SearchStrategy[tuple[Any, Any]]) -> st.SearchStrategy[tuple[Any, Any]]:
    """A schema with a value of it."""
    members = st.dictionaries(ODD, st.tuples(inner, st.booleans()), min_size=1, max_size=4)
    described = st.tuples(inner, st.text(max_size=150)).map(
        lambda two: ({**two[0][0], "description": two[1]}, two[0][1])
    )
    return st.one_of(
        described,
        inner.map(lambda one: ({"type": "array", "items": one[0]}, [one[1], one[1]])),
        inner.map(lambda one: ({**one[0], "nullable": True}, None)),
        members.map(
            lambda found: (
                {
                    "type": "object",
                    "properties": {name: one[0] for name, (one, _) in found.items()},
                    "required": [name for name, (_, needed) in found.items() if needed],
                },
                {name: one[1] for name, (one, needed) in found.items() if needed},
            )
        ),
    )


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(ODD, st.recursive(PLAIN, grown, max_leaves=8), min_size=1, max_size=3))
def test_whatever_a_document_describes_is_in_shape_and_reads_what_it_describes(found: dict[str, Any]) -> None:
    thing = {
        "type": "object",
        "properties": {name: schema for name, (schema, _) in found.items()},
        "required": list(found),
    }
    in_shape(text_of({"Thing": thing}))
    values = {name: value for name, (_, value) in found.items()}
    read = msgspec.json.decode(json.dumps(values), type=module_of({"Thing": thing}).Thing)
    assert json.loads(msgspec.json.encode(read)) == values


@pytest.mark.long
def test_a_whole_document_gives_shapes_and_calls_beside_a_connector_that_is_as_it_was(tmp_path: Path) -> None:
    into = tmp_path / "made"
    done = run("new", "connector", "quoin", "--role", "mis", "--into", str(into), "--openapi", str(QUOIN))
    assert done.returncode == 0, done.stderr
    kit = ("pytest", "--ignore=tests/test_lives.py")
    for tool in (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), kit):
        checked = run_in(into, sys.executable, "-m", *tool)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    calls = (into / "makeready_quoin" / "specified" / "client.py").read_text()
    methods = calls.split("    async def ")[1:]
    assert len(methods) == OPERATIONS
    for question in (
        "does it change something?",
        "is it safe to repeat?",
        "which status means that it was refused",
    ):
        assert all(question in one for one in methods)
    assert "409" in next(one for one in methods if one.startswith("create_order("))
    assert 'f"orders/{part(order_id)}/cancel"' in calls
    assert "the headers If-Match are not sent" in calls


@pytest.mark.long
async def test_calls_ask_what_the_document_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("quoinb", Role.MIS, tmp_path / "made", specified(QUOIN, "quoinb"))
    monkeypatch.syspath_prepend(str(tmp_path / "made"))
    from makeready_quoinb.specified import client, wire  # noqa: PLC0415 - it was written just now

    asked: list[Any] = []

    class Noting:
        async def read(self, *given: Any, **more: Any) -> None:
            asked.append((given[1:], more))

        async def change(self, *given: Any, **more: Any) -> None:
            asked.append((given[1:], more))

    calls = client.SpecifiedClient(Noting())
    await calls.get_price(product="a/b", quantity=3, option=("x", "y"))
    await calls.cancel_order("A/1", body=wire.CancelOrderBody(reason="late"), notify=True)
    price, cancel = asked
    assert price == (
        ("prices",),
        {"query": (("product", "a/b"), ("quantity", "3"), ("option", "x"), ("option", "y"))},
    )
    assert cancel == (
        ("POST", "orders/A%2F1/cancel"),
        {"query": (("notify", "true"),), "body": b'{"reason":"late"}'},
    )


DOCUMENTS = {
    "swagger 2": ('{"swagger": "2.0"}', "no OpenAPI document of edition 3"),
    "no document": ("- a\n- b\n", "no OpenAPI document of edition 3"),
    "no YAML": ("a: [", "neither JSON nor YAML"),
    "nowhere": (
        "openapi: 3.0.0\ncomponents: {schemas: {A: {properties: {a: {$ref: '#/b'}}}}}",
        "leads nowhere",
    ),
    "elsewhere": (
        "openapi: 3.0.0\ncomponents: {schemas: {A: {properties: {a: {$ref: 'b.yaml'}}}}}",
        "another document",
    ),
    "odd name": (
        """openapi: 3.0.0\ncomponents: {schemas: {A: {properties: {'a"b': {type: string}}}}}""",
        "No shape can have a member",
    ),
    "itself": (
        "openapi: 3.0.0\ncomponents: {schemas: {A: {$ref: '#/components/schemas/A'}}}",
        "leads to itself",
    ),
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_that_cannot_be_read_is_told_and_nothing_is_written(tmp_path: Path, what: str) -> None:
    content, told = DOCUMENTS[what]
    (tmp_path / "api.yaml").write_text(content)
    with pytest.raises(ConfigError, match=told):
        specified(tmp_path / "api.yaml", "acme")
    into, document = str(tmp_path / "made"), str(tmp_path / "api.yaml")
    done = run("new", "connector", "acme", "--role", "mis", "--into", into, "--openapi", document)
    assert done.returncode == 3
    assert not (tmp_path / "made").exists()


def test_the_help_names_it() -> None:
    assert "OpenAPI" in run("new", "connector", "--help").stdout
    assert "specified" in (ROOT / "docs" / "writing-a-connector.md").read_text()
