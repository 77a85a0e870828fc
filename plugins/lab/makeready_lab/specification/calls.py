"""``client.py`` from the operations of a document. What a person has to decide of each call stands with it."""

import re

from makeready_lab.specification.document import Document, Node, Operation
from makeready_lab.specification.names import Names
from makeready_lab.specification.shapes import UNKNOWN, Shapes, may_be_none
from makeready_lab.specification.text import docstring, quoted

HEAD = '''"""The vendor's calls, written from its OpenAPI document. Each says what a person has to decide of it.

Move to `client.py` what you use, when you have decided.
"""

import datetime as dt
{decimal}from typing import Any
from urllib.parse import quote

import msgspec

from makeready_{name}.session import Query, Session
{wire}
ENCODER = msgspec.json.Encoder(decimal_format="number")


def part(value: object) -> str:
    """Of a path: an id can be any text."""
    return quote(str(value), safe="")


def query(*pairs: tuple[str, Any]) -> Query:
    """Without those that are None; several values of one name one after the other."""
    given = [(name, value if isinstance(value, tuple) else (value,)) for name, value in pairs]
    return tuple((name, shown(one)) for name, values in given for one in values if one is not None)


def shown(value: object) -> str:
    """As JSON has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


class SpecifiedClient:
    def __init__(self, session: Session) -> None:
        self._session = session
'''
READS = ("get",)
SAFE = ("get", "put", "delete")
PLAIN = {"str", "int", "bool", "tuple", "dict", "None", "Any", "Decimal", "dt.date", "dt.datetime"}
RAW = "msgspec.Raw"


def client(document: Document, shapes: Shapes, name: str) -> str:
    names = Names()
    methods = [_method(document, shapes, one, names) for one in document.operations()]
    body = "".join(f"\n{one}" for one in methods)
    decimal = "from decimal import Decimal\n" if "Decimal" in body else ""
    wire = f"from makeready_{name}.specified import wire\n" if "wire." in body else ""
    return HEAD.format(name=name, decimal=decimal, wire=wire) + body


def _method(document: Document, shapes: Shapes, one: Operation, names: Names) -> str:
    name = names.member(str(one.node.get("operationId") or f"{one.verb} {one.path}"))
    own = Names()
    places = {str(given["name"]): (own.member(str(given["name"])), given) for given in one.parameters}
    body = document.content(one.node["requestBody"]) if "requestBody" in one.node else None
    answer = _answer(document, shapes, one, name)
    lines = [f"    async def {name}(", "        self,"]
    lines += [f"        {_argument(shapes, *pair)}," for pair in places.values() if pair[1]["in"] == "path"]
    asked = [pair for pair in places.values() if pair[1]["in"] == "query"]
    keywords = [_argument(shapes, *pair) for pair in asked]
    if body is not None:
        keywords.insert(0, f"body: {_in_wire(shapes.type_of(body, f'{name}_body'))}")
    lines += ["        *,", *(f"        {text}," for text in keywords)] if keywords else []
    lines += [f"    ) -> {answer}:", *docstring(_about(one, answer), "        ")]
    return "\n".join([*lines, *_call(one, answer, places, asked, body is not None)]) + "\n"


def _call(
    one: Operation,
    answer: str,
    places: dict[str, tuple[str, Node]],
    asked: list[tuple[str, Node]],
    has_body: bool,
) -> list[str]:
    path = one.path.strip("/")
    filled = re.sub(
        r"\{([^}]+)\}", lambda found: f"{{part({places[found[1]][0]})}}" if found[1] in places else "", path
    )
    shown = f'f"{filled}"' if "{" in filled else quoted(filled)
    reads = one.verb in READS
    lines = [f"        return await self._session.{'read' if reads else 'change'}(", f"            {answer},"]
    lines += [] if reads else [f'            "{one.verb.upper()}",']
    lines += [f"            {shown},"]
    if asked:
        pairs = [f"                ({quoted(str(given['name']))}, {name})," for name, given in asked]
        lines += ["            query=query(", *pairs, "            ),"]
    lines += ["            body=ENCODER.encode(body),"] if has_body and not reads else []
    return [*lines, "        )"]


def _argument(shapes: Shapes, name: str, given: Node) -> str:
    told = _in_wire(shapes.type_of(given.get("schema", {}), str(given["name"])))
    if given.get("required") or given["in"] == "path":
        return f"{name}: {told}"
    return f"{name}: {told if told == UNKNOWN or may_be_none(told) else f'{told} | None'} = None"


def _answer(document: Document, shapes: Shapes, one: Operation, name: str) -> str:
    """What a good answer is decoded as; raw, where the document does not say or several can come."""
    for status, node in one.node.get("responses", {}).items():
        if str(status).startswith("2") and (schema := document.content(node)) is not None:
            told = _in_wire(shapes.type_of(schema, f"{name}_answer"))
            return RAW if "|" in told or told == UNKNOWN else told
    return RAW


def _in_wire(told: str) -> str:
    """Classes by the module that has them."""
    return re.sub(
        r"(?<![\w.])[A-Za-z_][\w.]*",
        lambda found: found[0] if found[0] in PLAIN else f"wire.{found[0]}",
        told,
    )


def _about(one: Operation, answer: str) -> str:
    statuses = [str(status) for status in one.node.get("responses", {})]
    no = [status for status in statuses if status.startswith("4")]
    headers = [str(given["name"]) for given in one.parameters if given["in"] == "header"]
    changes = "no" if one.verb in READS else "yes"
    safe = "yes" if one.verb in SAFE else "no"
    told = [
        str(one.node.get("summary") or one.node.get("description") or one.path).strip(),
        "",
        f"{one.verb.upper()} {one.path}. Answers: {', '.join(statuses) or 'not told'}.",
        f"Decide: does it change something? Taken for: {changes}.",
        f"Decide: is it safe to repeat? Taken for: {safe}.",
        f"Decide: which status means that it was refused, and certainly not done? Told are: {', '.join(no) or 'none'}.",
    ]
    told += [f"Decide: what shows that it was done? {answer} is not looked into."] if answer == RAW else []
    told += [f"Decide: the headers {', '.join(headers)} are not sent."] if headers else []
    return "\n".join(told)
