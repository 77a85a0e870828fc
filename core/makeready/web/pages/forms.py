"""A form of settings: a row for each field, an input for each layer, and what a vendor offers to choose from."""

from collections.abc import Mapping
from typing import Any

from makeready_hooks.model.setup import VendorList
from msgspec import Struct

from makeready.flows.offered import Offered
from makeready.settings import ENVIRONMENTS
from makeready.web.pages.fields import KEY, VALUE, Field, Kind, fields_of, read, shown, typed
from makeready.web.pages.visit import Form

LAYERS = ("shared", *ENVIRONMENTS)
BLANK_ROWS = 3
"""For pairs that are added."""
Offers = Mapping[VendorList, Offered]


class Option(Struct, frozen=True, kw_only=True):
    text: str
    offered: bool = True
    """False for one that is stored, and that the vendor does not have any more."""


class Choice(Struct, frozen=True, kw_only=True):
    """An input that offers names. Without options they are typed."""

    name: str
    text: str
    options: tuple[Option, ...] = ()


class Cell(Struct, frozen=True, kw_only=True):
    """What is filled in for one layer."""

    name: str
    text: str
    """As it stands in the form."""
    stored: str
    """What is said of a secret: that it is stored, or which variable holds it."""
    choice: Choice | None = None
    pairs: tuple[tuple[Choice, Choice], ...] = ()
    """Instead of a text with a pair in each line."""


class Row(Struct, frozen=True, kw_only=True):
    field: Field
    cells: tuple[Cell, ...]
    trouble: str = ""
    """Why nothing is offered where something could be."""


def lists_of(kind: type[Struct]) -> tuple[VendorList, ...]:
    """What a form of these settings offers."""
    both = (one for field in fields_of(kind) for one in (field.keys, field.names))
    return tuple(one for one in both if one is not None)


def rows_of(
    kind: type[Struct],
    given: Mapping[str, Any],
    layers: tuple[str, ...],
    offers: Offers,
    again: Form | None,
) -> list[Row]:
    """``again``: as it was filled in, to be corrected."""
    return [_row(field, given, layers, offers, again) for field in fields_of(kind)]


def _row(
    field: Field, given: Mapping[str, Any], layers: tuple[str, ...], offers: Offers, again: Form | None
) -> Row:
    lists = (one for one in (field.keys, field.names) if one is not None and one in offers)
    troubles = [offers[one].trouble for one in lists]
    return Row(
        field=field,
        cells=tuple(_cell(field, layer, given, offers, again) for layer in layers),
        trouble=" ".join(dict.fromkeys(filter(None, troubles))),
    )


def _cell(field: Field, layer: str, given: Mapping[str, Any], offers: Offers, again: Form | None) -> Cell:
    value, name = _layer(given, layer).get(field.name), f"{layer}.{field.name}"
    is_again = again is not None and field.kind is not Kind.SECRET
    text = typed(again, name) if again is not None and is_again else shown(field, value)
    names, keys = _names(offers, field.names), _names(offers, field.keys)
    choice = _choice(name, text, names) if field.kind is Kind.TEXT and names else None
    in_rows = field.kind is Kind.PAIRS and (names or keys)
    return Cell(
        name=name,
        text=text,
        stored="" if value is None else str(value),
        choice=choice,
        pairs=_pairs(name, text, keys, names or field.options) if in_rows else (),
    )


def _pairs(
    name: str, text: str, keys: tuple[str, ...], values: tuple[str, ...]
) -> tuple[tuple[Choice, Choice], ...]:
    """None for a text that is not pairs: it is corrected as it was typed."""
    lines = [line.partition("=") for line in text.splitlines() if line.strip()]
    if not all(equals for _, equals, _ in lines):
        return ()
    pairs = [(key.strip(), value.strip()) for key, _, value in lines]
    return tuple(
        (_choice(name + KEY, key, keys), _choice(name + VALUE, value, values))
        for key, value in (*pairs, *[("", "")] * BLANK_ROWS)
    )


def _names(offers: Offers, of: VendorList | None) -> tuple[str, ...]:
    return offers[of].names if of is not None and of in offers else ()


def _choice(name: str, text: str, names: tuple[str, ...]) -> Choice:
    options = tuple(Option(text=one) for one in names)
    if text and text not in names and names:
        options = (Option(text=text, offered=False), *options)
    return Choice(name=name, text=text, options=options)


def _layer(given: Mapping[str, Any], layer: str) -> Mapping[str, Any]:
    """Shared settings stand beside the tables of the environments."""
    values: Mapping[str, Any] = given if layer == "shared" else given.get(layer, {})
    return {name: value for name, value in values.items() if name not in ENVIRONMENTS}


def filled_in(kind: type[Struct], given: Mapping[str, Any], form: Form, layer: str) -> dict[str, Any]:
    """A layer as a person has filled it in. Raises ConfigError that names the field."""
    before = _layer(given, layer)
    values = {
        field.name: read(field, f"{layer}.{field.name}", form, before.get(field.name))
        for field in fields_of(kind)
    }
    return {name: value for name, value in values.items() if value is not None}
