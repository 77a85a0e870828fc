"""Fields of a form, made from a settings Struct: what is asked, how it is shown, how it is read."""

import tomllib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

import msgspec
import tomli_w
from makeready.subscribers.model import Subscriber
from makeready.subscribers.settings import settings_schema
from makeready_hooks import ListKind
from makeready_hooks.errors import ConfigError
from makeready_hooks.lists import OF_NAMES, OF_VALUES
from makeready_hooks.secret_filter import HIDDEN_TEXT
from msgspec import Struct

from makeready_admin.web.request import Form

YES, NO = "yes", "no"
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
    ROWS = "rows"
    """Pairs whose names or values are chosen: an input for each."""
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
    values_from: ListKind | None = None
    """The vendor's list that a text, or each value of pairs, is chosen from."""
    names_from: ListKind | None = None
    """The same for the names of pairs."""

    @property
    def lists(self) -> frozenset[ListKind]:
        return frozenset(filter(None, (self.values_from, self.names_from)))


@cache
def fields_of(kind: type[Struct]) -> tuple[Field, ...]:
    """In the order of the Struct."""
    schema = settings_schema(kind)
    properties = schema["$defs"][kind.__name__]["properties"]
    return tuple(
        _field(one, properties[one.encode_name], schema["$defs"]) for one in msgspec.structs.fields(kind)
    )


def _field(one: msgspec.structs.FieldInfo, given: dict[str, Any], defs: dict[str, Any]) -> Field:
    schema = _plain(given, defs)
    items = schema.get("items", {})
    numbers = schema if schema.get("type") in ("integer", "number") else items
    lists = {name: ListKind(given[name]) for name in (OF_VALUES, OF_NAMES) if name in given}
    kind = _kind(schema)
    return Field(
        name=one.name,
        title=given.get("title", "") or one.name.replace("_", " "),
        description=_ended(given.get("description", "")),
        kind=Kind.ROWS if kind is Kind.PAIRS and lists else kind,
        required=one.required,
        default=_default(one),
        options=_options(schema),
        whole=numbers.get("type") == "integer",
        texts=items.get("type", "string") == "string",
        values_from=lists.get(OF_VALUES),
        names_from=lists.get(OF_NAMES),
    )


def _ended(sentence: str) -> str:
    """More may follow it. Marks of code are for those who read the code."""
    sentence = sentence.replace("``", "")
    return sentence if not sentence or sentence.endswith((".", "?", ":")) else f"{sentence}."


def _options(schema: dict[str, Any]) -> tuple[str, ...]:
    """The few values that a field, or each value of pairs, can have."""
    pairs = schema.get("additionalProperties")
    few = pairs if isinstance(pairs, dict) else schema
    return tuple(map(str, few.get("enum", ())))


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
    pairs = schema.get("additionalProperties")
    if schema.get("type") == "object" and isinstance(pairs, dict) and pairs.get("type", "string") == "string":
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
    if field.kind is Kind.ROWS:
        return ""
    if field.kind is Kind.TOML:
        return tomli_w.dumps(value).strip() if isinstance(value, Mapping) else str(value)
    return str(value)


def hidden_in(text: str, subscriber: Subscriber) -> str:
    """For who may not change settings: who knows an address of ours can ask for prices."""
    return text.replace(subscriber.url_token, HIDDEN_TEXT) if subscriber.url_token else text


def read(field: Field, name: str, form: Form, stored: Any) -> Any:
    """What a person filled in under ``name``; None for nothing. Raises ConfigError that names the field."""
    text = form.text(name)
    if field.kind is Kind.SECRET:
        return None if form.ticked(FORGET + name) else form.raw(name) or stored
    if field.kind is Kind.ROWS:
        return _rows(field, name, form) or (stored if stored == {} else None)
    if not text:
        return stored if stored in ("", [], {}) else None
    try:
        return _value(field, text)
    except ValueError as exc:
        raise ConfigError(f"{field.title}: {exc}", field=name, fix=field.description) from None


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
        except (tomllib.TOMLDecodeError, RecursionError) as exc:
            raise ValueError(f"this is not TOML: {exc}.") from None
    return text


def _number(field: Field, text: str) -> int | float:
    try:
        return int(text) if field.whole else float(text)
    except ValueError:
        raise ValueError(f"{text} is not a {'whole ' if field.whole else ''}number.") from None


def filled_rows(name: str, form: Form) -> tuple[tuple[str, str], ...]:
    """Pairs as they were filled in, the empty ones left out."""
    names, values = form.fields.get(f"{name}:name", ()), form.fields.get(f"{name}:value", ())
    pairs = ((one.strip(), other.strip()) for one, other in zip(names, values, strict=False))
    return tuple(pair for pair in pairs if any(pair))


def _rows(field: Field, name: str, form: Form) -> dict[str, str]:
    pairs = filled_rows(name, form)
    found = dict(pairs)
    if not all(all(pair) for pair in pairs):
        problem = "a line lacks its name or its value."
    elif len(found) < len(pairs):
        problem = "a name stands there twice."
    else:
        return found
    raise ConfigError(f"{field.title}: {problem}", field=name, fix=field.description)


def _pair(line: str) -> tuple[str, str]:
    name, equals, value = line.partition("=")
    if not equals or not name.strip():
        raise ValueError(f"{line.strip()}: write name = value, one a line.")
    return name.strip(), value.strip()
