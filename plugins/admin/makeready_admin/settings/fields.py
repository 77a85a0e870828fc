"""Fields of a form, made from a settings Struct: what is asked, and in which words."""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

import msgspec
from makeready.subscribers.model import Subscriber
from makeready.subscribers.settings import settings_schema
from makeready_hooks import ListKind
from makeready_hooks.lists import OF_NAMES, OF_VALUES
from makeready_hooks.model.asked import FIRST, LABELS, SECONDS, STEP, TEXTS, UNIT
from makeready_hooks.secret_filter import HIDDEN_TEXT
from msgspec import Struct

from makeready_admin.languages.formats import period
from makeready_admin.languages.viewer import viewer
from makeready_admin.web.frame import text_of
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import told

YES, NO = "yes", "no"


class Kind(Enum):
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a word, not a secret
    YES_NO = "yes-no"
    CHOICE = "choice"
    NUMBER = "number"
    DURATION = "duration"
    """A number, and the unit of time that it is given in. Kept in seconds."""
    ZONE = "zone"
    """A time zone."""
    LINES = "lines"
    """Several texts or numbers, one a line."""
    CHECKS = "checks"
    """Several of a few: a box to tick for each."""
    ROWS = "rows"
    """A table of texts: an input for each name and each value."""
    TRIPLES = "triples"
    """A table of such tables: three inputs in a row."""
    BOXES = "boxes"
    """A table whose names are known: an input for each."""
    GRID = "grid"
    """Such a table for each language."""
    TOML = "toml"
    """A table of its own."""


class Field(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    description: str
    kind: Kind
    required: bool
    default: Any = None
    """As it would stand in a settings file; None if nothing is said without it."""
    labels: Mapping[str, str] = {}
    """The few values that a field, or each value of a table, can have, with words for them."""
    texts: Mapping[str, str] = {}
    """Names that a table can have, with words for them."""
    unit: str = ""
    first: bool = False
    """Asked at first; else under *Advanced*, where any is asked at first."""
    step: str = ""
    schema: Mapping[str, Any] = {}
    """Of the value, or of each of several: its bounds."""
    values_from: ListKind | None = None
    """The vendor's list that a text, or each value of a table, is chosen from."""
    names_from: ListKind | None = None
    """The same for the names of a table."""

    @property
    def lists(self) -> frozenset[ListKind]:
        return frozenset(filter(None, (self.values_from, self.names_from)))

    @property
    def whole(self) -> bool:
        return self.schema.get("type") == "integer"

    def words(self, value: Any) -> str:
        """A value as a person says it."""
        if value in (None, "", [], (), {}):
            return _("empty")
        if isinstance(value, Mapping):
            return "; ".join(
                f"{self.texts.get(name, name)}: {self.words(one)}" for name, one in value.items()
            )
        if isinstance(value, list | tuple):
            return ", ".join(self.words(one) for one in value)
        if self.kind is Kind.DURATION and isinstance(value, int | float):
            said = period(value)
            return said if said[:1].isdigit() else f"1 {said}"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        said = self.labels.get(str(value)) or text_of(value)
        if isinstance(value, float):
            said = f"{value:g}"
        return f"{said} {self.unit}" if self.unit and self.kind is Kind.NUMBER else said

    @property
    def default_words(self) -> str:
        """Without anything that it is: nothing to be told."""
        return "" if self.default in (None, "", (), [], {}) else self.words(self.default)


def fields_of(kind: type[Struct]) -> tuple[Field, ...]:
    """In the order of the Struct, in the viewer's language."""
    return _fields_in(kind, viewer().language)


@cache
def _fields_in(kind: type[Struct], _language: str) -> tuple[Field, ...]:
    schema = settings_schema(kind)
    properties = schema["$defs"][kind.__name__]["properties"]
    return tuple(
        _field(one, properties[one.encode_name], schema["$defs"]) for one in msgspec.structs.fields(kind)
    )


def shown_first(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """What most set-ups need; all, where nobody has said what that is."""
    return tuple(one for one in fields if one.required or one.first) or fields


def _field(one: msgspec.structs.FieldInfo, given: dict[str, Any], defs: dict[str, Any]) -> Field:
    schema = _plain(given, defs)
    lists = {name: ListKind(given[name]) for name in (OF_VALUES, OF_NAMES) if name in given}
    labels, texts = _told(given.get(LABELS, {})), _told(given.get(TEXTS, {}))
    return Field(
        name=one.name,
        title=told(given.get("title") or one.name.replace("_", " ").capitalize()),
        description=told(_ended(given.get("description", ""))),
        kind=_kind(schema, given),
        required=one.required,
        default=_default(one),
        labels=labels or {name: name for name in _options(schema)},
        texts=texts,
        unit="" if given.get(UNIT) == SECONDS else told(given.get(UNIT, "")),
        first=bool(given.get(FIRST)),
        step=given.get(STEP, ""),
        schema=schema.get("items", schema),
        values_from=lists.get(OF_VALUES),
        names_from=lists.get(OF_NAMES),
    )


def _told(words: Mapping[str, str]) -> dict[str, str]:
    return {name: told(said) for name, said in words.items()}


def _ended(sentence: str) -> str:
    """More may follow it. Marks of code are for those who read the code."""
    sentence = sentence.replace("``", "").replace("`", "")
    return sentence if not sentence or sentence.endswith((".", "?", ":")) else f"{sentence}."


def _options(schema: dict[str, Any]) -> tuple[str, ...]:
    """The few values that a field, or each value of a table, can have."""
    pairs = schema.get("additionalProperties")
    few = pairs if isinstance(pairs, dict) else schema
    return tuple(map(str, few.get("enum", ())))


def _plain(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """Without the choice of nothing, and with what is referred to."""
    inner = [one for one in schema.get("anyOf", schema.get("allOf", ())) if one.get("type") != "null"]
    found: dict[str, Any] = inner[0] if len(inner) == 1 else schema
    name = found.get("$ref", "").rpartition("/")[2]
    return defs[name] if name else found


SIMPLE = {"boolean": Kind.YES_NO, "integer": Kind.NUMBER, "number": Kind.NUMBER, "string": Kind.TEXT}
FORMATS = {"secret": Kind.SECRET, "time-zone": Kind.ZONE, "decimal": Kind.NUMBER}


def _kind(schema: dict[str, Any], given: dict[str, Any]) -> Kind:
    if "enum" in schema:
        return Kind.CHOICE
    if given.get(UNIT) == SECONDS:
        return Kind.DURATION
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    items = schema.get("items", {})
    if schema.get("type") == "array" and (items.get("type") in SIMPLE or "enum" in items):
        return Kind.CHECKS if LABELS in given else Kind.LINES
    inner = schema.get("additionalProperties")
    if schema.get("type") == "object" and isinstance(inner, dict):
        if inner.get("type", "string") == "string" and "$ref" not in inner:
            return Kind.BOXES if TEXTS in given else Kind.ROWS
        if inner.get("additionalProperties", {}) == {"type": "string"}:
            return Kind.GRID if TEXTS in given else Kind.TRIPLES
    return SIMPLE.get(schema.get("type", ""), Kind.TOML)


def _default(one: msgspec.structs.FieldInfo) -> Any:
    value = one.default
    if one.required or value is msgspec.NODEFAULT or isinstance(value, Struct):
        return None
    return msgspec.to_builtins(value)


def hidden_in(text: str, subscriber: Subscriber) -> str:
    """For who may not change settings: who knows an address of ours can ask for prices."""
    return text.replace(subscriber.url_token, HIDDEN_TEXT) if subscriber.url_token else text
