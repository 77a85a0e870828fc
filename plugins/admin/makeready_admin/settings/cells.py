"""What stands in each input of a form: what is stored, or what was filled in and has to be corrected."""

from collections.abc import Mapping, Sequence
from typing import Any

import tomli_w
from makeready.subscribers.settings import ENVIRONMENTS
from makeready_hooks import ListKind
from msgspec import Struct

from makeready_admin.settings.fields import NO, YES, Field, Kind
from makeready_admin.settings.reading import KEPT, ROW, TRIPLE, UNITS, filled_rows
from makeready_admin.web.request import Form

LANGUAGES = ("en", "fr", "de", "es", "nl")
"""Those of a grid, beside what is stored."""


class Cell(Struct, frozen=True, kw_only=True):
    """One input, or the inputs of one table."""

    name: str
    layer: str
    text: str = ""
    unit: str = ""
    """Of a length of time, its seconds."""
    ticked: frozenset[str] = frozenset()
    rows: tuple[tuple[str, ...], ...] = ()
    boxes: Mapping[str, Mapping[str, str]] = {}
    """By language; of a single table under ""."""
    stored: str = ""
    """What is said of a secret: that it is stored, or which variable holds it."""
    kept: str = ""
    """A secret that was typed before, sealed."""
    error: str = ""
    is_set: bool = False


class Row(Struct, frozen=True, kw_only=True):
    field: Field
    cells: tuple[Cell, ...]

    @property
    def is_set(self) -> bool:
        return any(one.is_set for one in self.cells)

    @property
    def is_wrong(self) -> bool:
        return any(one.error for one in self.cells)


def layer_of(given: Mapping[str, Any], layer: str) -> Mapping[str, Any]:
    """Shared settings stand beside the tables of the environments."""
    values: Mapping[str, Any] = given if layer == "shared" else given.get(layer, {})
    return {name: value for name, value in values.items() if name not in ENVIRONMENTS}


def rows_of(
    fields: Sequence[Field],
    given: Mapping[str, Any],
    layers: Sequence[str],
    filled_in: Form | None = None,
    errors: Mapping[str, str] | None = None,
    kept: Mapping[str, str] | None = None,
) -> list[Row]:
    """``filled_in``: with errors, and secrets that are kept, by the names of their inputs."""
    found = []
    for field in fields:
        cells = []
        for layer in layers:
            name, value = f"{layer}.{field.name}", layer_of(given, layer).get(field.name)
            cell = _shown(field, name, layer, value)
            if filled_in is not None:
                cell = _filled(
                    field, cell, filled_in, (errors or {}).get(name, ""), (kept or {}).get(name, "")
                )
            cells.append(cell)
        found.append(Row(field=field, cells=tuple(cells)))
    return found


def _shown(field: Field, name: str, layer: str, value: Any) -> Cell:
    is_set, text, unit = value is not None, "", ""
    if field.kind is Kind.DURATION:
        text, unit = in_unit(value if is_set else field.default)
        text = text if is_set else ""
    elif is_set and field.kind is Kind.YES_NO:
        text = YES if value else NO
    elif is_set and field.kind is Kind.LINES:
        text = "\n".join(map(str, value))
    elif is_set and field.kind is Kind.TOML:
        text = tomli_w.dumps(value).strip()
    elif is_set and field.kind in (Kind.TEXT, Kind.NUMBER, Kind.CHOICE, Kind.ZONE):
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return Cell(
        name=name,
        layer=layer,
        text=text,
        unit=unit,
        ticked=_ticked(field, value if is_set or layer != "shared" else field.default),
        rows=_stored_rows(field, value),
        boxes=_stored_boxes(field, value),
        stored=str(value) if is_set and field.kind is Kind.SECRET else "",
        is_set=is_set,
    )


def in_unit(seconds: Any) -> tuple[str, str]:
    """In the longest unit that goes into it."""
    if not isinstance(seconds, int | float):
        return "", "1"
    unit = next((one for one in reversed(UNITS) if seconds and seconds % int(one) == 0), "1")
    return f"{seconds / int(unit):g}", unit


def _ticked(field: Field, value: Any) -> frozenset[str]:
    return frozenset(map(str, value or ())) if field.kind is Kind.CHECKS else frozenset()


def _stored_rows(field: Field, value: Any) -> tuple[tuple[str, ...], ...]:
    if field.kind is Kind.ROWS:
        return tuple((str(one), str(other)) for one, other in (value or {}).items())
    if field.kind is Kind.TRIPLES:
        tables = (value or {}).items()
        return tuple((table, one, str(other)) for table, inner in tables for one, other in inner.items())
    return ()


def _stored_boxes(field: Field, value: Any) -> Mapping[str, Mapping[str, str]]:
    if field.kind is Kind.BOXES:
        return {"": value or {}}
    if field.kind is Kind.GRID:
        return {one: (value or {}).get(one, {}) for one in dict.fromkeys((*LANGUAGES, *(value or {})))}
    return {}


def _filled(field: Field, shown: Cell, form: Form, error: str, kept: str) -> Cell:
    name = shown.name
    secret = field.kind is Kind.SECRET
    parts = {Kind.ROWS: ROW, Kind.TRIPLES: TRIPLE}.get(field.kind, ())
    boxes = {
        language: {one: form.text(box_name(name, language, one)) for one in field.texts}
        for language in shown.boxes
    }
    return Cell(
        name=name,
        layer=shown.layer,
        text="" if secret else form.raw(name),
        unit=form.text(f"{name}:unit") or shown.unit,
        ticked=frozenset(form.all(name)) if field.kind is Kind.CHECKS else frozenset(),
        rows=filled_rows(name, form, parts) if parts else (),
        boxes=boxes,
        stored=shown.stored,
        kept=kept or (form.raw(KEPT + name) if secret else ""),
        error=error,
        is_set=shown.is_set,
    )


def box_name(name: str, language: str, text: str) -> str:
    return f"{name}:{language}:{text}" if language else f"{name}:{text}"


def lists_in(fields: Sequence[Field]) -> list[ListKind]:
    return sorted(set().union(*(one.lists for one in fields)))
