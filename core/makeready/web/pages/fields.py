"""Fields of a form, made from a settings Struct: what is asked, how it is shown, how it is read."""

import ast
import inspect
import textwrap
import tomllib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
import tomli_w
from makeready_hooks import Secret
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import VendorList
from msgspec import Struct

from makeready.web.pages.visit import Form

YES, NO = "yes", "no"
KEY, VALUE = ":key", ":value"
"""Behind the name of a field: the two inputs of a row of pairs."""
FORGET = "forget:"
"""Before the name of a secret: the field that takes it away."""


class Kind(Enum):
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a word, not a secret
    YES_NO = "yes-no"
    CHOICE = "choice"
    NUMBER = "number"
    LINES = "lines"
    """Several texts or numbers, one a line."""
    PAIRS = "pairs"
    """``name = value``, one a line."""
    TOML = "toml"
    """A table of its own."""


class Field(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    description: str
    kind: Kind
    required: bool
    default: str
    options: tuple[str, ...] = ()
    whole: bool = False
    """A number, or each of several, is a whole one."""
    texts: bool = True
    """Several are texts, not numbers."""
    names: VendorList | None = None
    """The list of a vendor that a value is chosen from, or each value of pairs."""
    keys: VendorList | None = None
    """The same for the names of pairs."""


@cache
def fields_of(kind: type[Struct]) -> tuple[Field, ...]:
    """In the order of the Struct."""
    schema = msgspec.json.schema(kind, schema_hook=_secret_schema)
    properties = schema["$defs"][kind.__name__]["properties"]
    sentences = _sentences(kind)
    return tuple(
        _field(one, properties[one.encode_name], schema["$defs"], sentences.get(one.name, ""))
        for one in msgspec.structs.fields(kind)
    )


def _field(
    one: msgspec.structs.FieldInfo, given: dict[str, Any], defs: dict[str, Any], sentence: str
) -> Field:
    schema = _plain(given, defs)
    items = schema.get("items", {})
    numbers = schema if schema.get("type") in ("integer", "number") else items
    return Field(
        name=one.name,
        title=given.get("title", "") or one.name.replace("_", " "),
        description=_ended(given.get("description", "") or sentence),
        kind=Kind.SECRET if one.name.endswith("_secret") else _kind(schema),
        required=one.required,
        default=_default(one),
        options=tuple(map(str, schema.get("enum") or _inner(schema).get("enum", ()))),
        whole=numbers.get("type") == "integer",
        texts=items.get("type", "string") == "string",
        names=_list(given, "x-names"),
        keys=_list(given, "x-keys"),
    )


def _inner(schema: dict[str, Any]) -> dict[str, Any]:
    """Of the values of pairs."""
    found = schema.get("additionalProperties")
    return found if isinstance(found, dict) else {}


def _list(schema: dict[str, Any], member: str) -> VendorList | None:
    return VendorList(schema[member]) if member in schema else None


def _ended(sentence: str) -> str:
    """More may follow it. Marks of code are for those who read the code."""
    sentence = sentence.replace("``", "")
    return sentence if not sentence or sentence.endswith((".", "?", ":")) else f"{sentence}."


def _plain(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """Without the choice of nothing, and with what is referred to."""
    inner = [one for one in schema.get("anyOf", schema.get("allOf", ())) if one.get("type") != "null"]
    found: dict[str, Any] = inner[0] if len(inner) == 1 else schema
    name = found.get("$ref", "").rpartition("/")[2]
    return defs[name] if name else found


def _kind(schema: dict[str, Any]) -> Kind:
    if schema.get("format") == "secret":
        return Kind.SECRET
    if "enum" in schema:
        return Kind.CHOICE
    if schema.get("type") == "array" and schema.get("items", {}).get("type") in (
        "string",
        "integer",
        "number",
    ):
        return Kind.LINES
    pairs = _inner(schema)
    if schema.get("type") == "object" and pairs and pairs.get("type", "string") == "string":
        return Kind.PAIRS
    simple = {"boolean": Kind.YES_NO, "integer": Kind.NUMBER, "number": Kind.NUMBER, "string": Kind.TEXT}
    return simple.get(schema.get("type", ""), Kind.TOML)


def _default(one: msgspec.structs.FieldInfo) -> str:
    value = one.default
    if one.required or value in (msgspec.NODEFAULT, None, ""):
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "" if isinstance(value, Struct | Mapping) else str(value)


def _secret_schema(kind: type) -> dict[str, Any]:
    if kind is Secret:
        return {"type": "string", "format": "secret"}
    raise TypeError(f"{kind} has no schema")


def _sentences(kind: type[Struct]) -> dict[str, str]:
    """What the code says below its members, where it says nothing in the schema."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    found = {}
    for one, following in pairwise(statements):
        if not (isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)):
            continue
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            found[one.target.id] = inspect.cleandoc(str(following.value.value)).replace("\n", " ")
    return found


# Showing and reading


def shown(field: Field, value: Any) -> str:
    """A value as it stands in the form; "" if it is not set, and for a secret in any case."""
    if value is None or field.kind is Kind.SECRET:
        return ""
    if field.kind is Kind.YES_NO:
        return YES if value else NO
    if field.kind is Kind.LINES:
        return "\n".join(map(str, value))
    if field.kind is Kind.PAIRS:
        return "\n".join(f"{name} = {inner}" for name, inner in value.items())
    if field.kind is Kind.TOML:
        return tomli_w.dumps(value).strip() if isinstance(value, Mapping) else str(value)
    return str(value)


def read(field: Field, name: str, form: Form, stored: Any) -> Any:
    """What a person filled in under ``name``; None for nothing. Raises ConfigError that names the field."""
    text = typed(form, name).strip()
    if field.kind is Kind.SECRET:
        return None if form.ticked(FORGET + name) else form.raw(name) or stored
    if not text:
        return stored if stored in ("", [], {}) else None
    try:
        return _value(field, text)
    except ValueError as exc:
        raise ConfigError(f"{field.title}: {exc}", field=name, fix=field.description) from None


def typed(form: Form, name: str) -> str:
    """What was filled in as one text: rows of two inputs as they would be typed, but for empty ones."""
    if name + KEY not in form.fields:
        return form.raw(name)
    keys, values = (tuple(map(str.strip, form.fields.get(name + part, ()))) for part in (KEY, VALUE))
    pairs = zip(keys, values, strict=False)
    return "\n".join(f"{key} = {value}" for key, value in pairs if key or value)


def _value(field: Field, text: str) -> Any:
    if field.kind is Kind.YES_NO:
        return text == YES
    if field.kind is Kind.NUMBER:
        return _number(field, text)
    if field.kind is Kind.LINES:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines if field.texts else [_number(field, line) for line in lines]
    if field.kind is Kind.PAIRS:
        return dict(_pair(line) for line in text.splitlines() if line.strip())
    if field.kind is Kind.TOML:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as exc:
            raise ValueError(f"this is not TOML: {exc}.") from None
    return text


def _number(field: Field, text: str) -> int | float:
    try:
        return int(text) if field.whole else float(text)
    except ValueError:
        raise ValueError(f"{text} is not a {'whole ' if field.whole else ''}number.") from None


def _pair(line: str) -> tuple[str, str]:
    name, equals, value = line.partition("=")
    if not equals or not name.strip():
        raise ValueError(f"{line.strip()}: write name = value, one a line.")
    return name.strip(), value.strip()
