"""What a person filled in, as values of settings: every input that is wrong is told, each in words at its place."""

import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from makeready_hooks.errors import ConfigError

from makeready_admin.languages.formats import period
from makeready_admin.settings.fields import YES, Field, Kind
from makeready_admin.web.request import Form
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

FORGET, KEPT = "forget:", "kept:"
"""Before the name of a secret: the box that deletes it; the field that holds, sealed, what was typed before."""
UNITS = {"1": marked("seconds"), "60": marked("minutes"), "3600": marked("hours"), "86400": marked("days")}
"""Of a length of time, by its seconds."""
OpenSecret = Callable[[str, str], str]
"""``open(name, sealed)``: a secret that was typed before."""
Bounds = tuple[tuple[str, Callable[[Decimal, Decimal], bool], str], ...]
BOUNDS: Bounds = (
    ("minimum", lambda value, bound: value >= bound, marked("Give {} or more.")),
    ("maximum", lambda value, bound: value <= bound, marked("Give {} or less.")),
    ("exclusiveMinimum", lambda value, bound: value > bound, marked("Give more than {}.")),
    ("exclusiveMaximum", lambda value, bound: value < bound, marked("Give less than {}.")),
)


def read(field: Field, name: str, form: Form, stored: Any, open_secret: OpenSecret) -> Any:
    """What was filled in under ``name``; None for nothing. Raises ConfigError that names the input."""
    if field.kind is Kind.SECRET:
        if form.ticked(FORGET + name):
            return None
        kept = form.raw(KEPT + name)
        return form.raw(name) or (open_secret(name, kept) if kept else None) or stored
    empty = stored if stored in ("", [], {}) else None
    if field.kind in TABLES:
        return _wrong_at(name, lambda: TABLES[field.kind](field, name, form)) or empty
    if not form.text(name):
        return empty
    return _wrong_at(name, lambda: _value(field, name, form))


def _wrong_at(name: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except ValueError as exc:
        raise ConfigError(str(exc), field=name) from None


def _value(field: Field, name: str, form: Form) -> Any:
    text = form.text(name)
    if field.kind is Kind.YES_NO:
        return text == YES
    if field.kind is Kind.NUMBER:
        return _number(field, text)
    if field.kind is Kind.DURATION:
        return _duration(field, text, form.text(f"{name}:unit"))
    if field.kind is Kind.CHECKS:
        return [int(one) if field.whole else one for one in form.all(name)]
    if field.kind is Kind.LINES:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return [_line(field, line) for line in lines]
    if field.kind is Kind.TOML:
        return _toml(text)
    return _text(field, text)


def _line(field: Field, line: str) -> Any:
    return _text(field, line) if field.schema.get("type", "string") == "string" else _number(field, line)


def _text(field: Field, text: str) -> str:
    if re.search(field.schema.get("pattern", ""), text):
        return text
    if field.schema.get("format") == "email":
        raise ValueError(
            _("%(text)s is not an e-mail address. Write it as in name@company.example.") % {"text": text}
        )
    raise ValueError(_("%(text)s cannot be used here. %(help)s") % {"text": text, "help": field.description})


def _number(field: Field, text: str) -> int | float | str:
    number = _decimal(text)
    if field.whole and number != int(number):
        raise ValueError(_("%(text)s is not a whole number.") % {"text": text})
    _check_bounds(field, number, lambda bound: f"{bound:g} {field.unit}".strip())
    if field.schema.get("format") == "decimal":
        return str(number)
    return int(number) if field.whole else float(number)


def _decimal(text: str) -> Decimal:
    """``25 %`` and ``25,5`` are numbers."""
    plain = text.removesuffix("%").strip()
    try:
        number = Decimal(plain.replace(",", ".") if "." not in plain else plain)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise ValueError(_("%(text)s is not a number.") % {"text": text})
    return number


def _duration(field: Field, text: str, unit: str) -> float:
    seconds = _decimal(text) * Decimal(unit if unit in UNITS else 1)
    _check_bounds(field, seconds, lambda bound: period(float(bound)) if bound else "0")
    return float(seconds)


def _check_bounds(field: Field, number: Decimal, words: Callable[[Decimal], str]) -> None:
    for name, holds, text in BOUNDS:
        if name in field.schema and not holds(number, bound := Decimal(str(field.schema[name]))):
            raise ValueError(_(text).format(words(bound)))


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise ValueError(
            _("This cannot be read (%(why)s). Write name = value, one a line, as in a settings file.")
            % {"why": exc}
        ) from None


# Tables


def filled_rows(name: str, form: Form, parts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Rows as they were filled in, the empty ones left out."""
    columns = [form.fields.get(f"{name}:{part}", ()) for part in parts]
    rows = (tuple(one.strip() for one in row) for row in zip(*columns, strict=False))
    return tuple(row for row in rows if any(row))


def _complete(name: str, form: Form, parts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Raises ValueError for a row with a gap, or one that stands there twice."""
    rows = filled_rows(name, form, parts)
    if not all(all(row) for row in rows):
        raise ValueError(_("A row is not complete: fill in all of it, or empty it."))
    if len({row[:-1] for row in rows}) < len(rows):
        raise ValueError(_("A name stands there twice."))
    return rows


def _rows(field: Field, name: str, form: Form) -> dict[str, str]:
    return {one: _cell(field, value) for one, value in _complete(name, form, ROW)}


def _cell(field: Field, text: str) -> str:
    inner = field.schema.get("additionalProperties", {})
    return str(_decimal(text)) if inner.get("format") == "decimal" else text


def _triples(_field: Field, name: str, form: Form) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, one, value in _complete(name, form, TRIPLE):
        found.setdefault(table, {})[one] = value
    return found


def _boxes(field: Field, name: str, form: Form) -> dict[str, str]:
    return {one: text for one in field.texts if (text := form.text(f"{name}:{one}"))}


def _grid(field: Field, name: str, form: Form) -> dict[str, dict[str, str]]:
    languages = [one.split(":")[-2] for one in form.fields if one.startswith(f"{name}:")]
    tables = {one: _boxes(field, f"{name}:{one}", form) for one in dict.fromkeys(languages)}
    return {one: texts for one, texts in tables.items() if texts}


ROW, TRIPLE = ("name", "value"), ("table", "name", "value")
TABLES: Mapping[Kind, Callable[[Field, str, Form], dict[str, Any]]] = {
    Kind.ROWS: _rows,
    Kind.TRIPLES: _triples,
    Kind.BOXES: _boxes,
    Kind.GRID: _grid,
}
