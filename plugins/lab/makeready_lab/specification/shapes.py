"""``wire.py`` from the schemas of a document."""

from collections.abc import Mapping
from typing import Any

from makeready_lab.specification.document import Document, Node, wrong
from makeready_lab.specification.names import Names
from makeready_lab.specification.text import WIDTH, docstring, quoted

HEAD = '''"""The vendor's shapes, written from its OpenAPI document. Pure.

What may be missing is None, and is not sent then. Amounts are decimals. Move to `wire.py` what you use.
"""

from __future__ import annotations
'''
TEXTS = {"date": "dt.date", "date-time": "dt.datetime", "decimal": "Decimal"}
PLAIN = {"integer": "int", "number": "Decimal", "boolean": "bool", "null": "None"}
MARKS = ("properties", "allOf", "additionalProperties")
UNWRITABLE = set('"\\')
"""msgspec takes no name of a member with these."""
UNKNOWN = "Any"


class Shapes:
    """Types by their schemas. Whoever asks for one has it written."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._names = Names()
        self._classes: dict[str, list[str]] = {}
        self._by_ref: dict[str, str] = {}
        self._within: list[str] = []

    def write_all(self) -> None:
        for name in self._document.schemas:
            escaped = name.replace("~", "~0").replace("/", "~1")
            self.type_of({"$ref": f"#/components/schemas/{escaped}"}, name)

    @property
    def text(self) -> str:
        blocks = ["\n".join(lines) for _, lines in sorted(self._classes.items())]
        body = "\n\n\n".join(blocks)
        imports = ["import datetime as dt"] if "dt." in body else []
        imports += ["from decimal import Decimal"] if "Decimal" in body else []
        enums = [one for one in ("IntEnum", "StrEnum") if f"({one})" in body]
        imports += [f"from enum import {', '.join(enums)}"] if enums else []
        imports += ["from typing import Any"] if "Any" in body else []
        words = [one for one in ("Struct", "field") if f"{one}(" in body or f"({one}," in body]
        groups = ["\n".join(imports), f"from msgspec import {', '.join(words)}" if words else ""]
        return "\n\n".join([HEAD.rstrip("\n"), *filter(None, groups)]) + f"\n\n\n{body}\n"

    def type_of(self, schema: Node, name: str) -> str:
        """An annotation. ``name``: what a type that has none of its own is called."""
        told = self._type(schema, name)
        return (
            f"{told} | None"
            if self._is_nullable(schema) and not may_be_none(told) and told != UNKNOWN
            else told
        )

    def _is_nullable(self, schema: Node) -> bool:
        return bool(schema.get("nullable")) or (None in schema.get("enum", ()))

    def _type(self, schema: Node, name: str) -> str:
        if "$ref" in schema:
            return self._referred(schema)
        if "allOf" in schema and len(schema["allOf"]) == 1 and "properties" not in schema:
            return self.type_of(schema["allOf"][0], name)
        for either in ("oneOf", "anyOf"):
            if either in schema:
                return self._union(
                    [self.type_of(one, f"{name}{at}") for at, one in enumerate(schema[either], 1)]
                )
        if "enum" in schema or "const" in schema:
            return self._enumerated(schema, name)
        kind = schema.get("type")
        if isinstance(kind, list):
            return self._union([self._type({**schema, "type": one}, name) for one in kind])
        return self._of_kind(schema, str(kind or ""), name)

    def _of_kind(self, schema: Node, kind: str, name: str) -> str:
        if kind == "array":
            return f"tuple[{self.type_of(schema.get('items', {}), f'{name}Item')}, ...]"
        if kind == "string":
            return TEXTS.get(str(schema.get("format", "")), "str")
        if kind in PLAIN:
            return PLAIN[kind]
        if kind == "object" or any(mark in schema for mark in MARKS):
            return self._object(schema, name)
        return UNKNOWN

    def _referred(self, schema: Node) -> str:
        """A class of its own for an object or an enumeration; anything else is put in its place."""
        ref, target = str(schema["$ref"]), self._document.resolved(schema)
        if ref in self._by_ref:
            return self._by_ref[ref]
        name = ref.rpartition("/")[2].replace("~1", "/")
        if self._is_class(target):
            self._by_ref[ref] = self._names.type_name(name)
            self._define(target, self._by_ref[ref])
            told = self._by_ref[ref]
            return f"{told} | None" if self._is_nullable(target) else told
        if ref in self._within:
            return UNKNOWN  # a list of lists of itself
        self._within.append(ref)
        found = self.type_of(target, name)
        self._within.pop()
        return found

    def _is_class(self, schema: Node) -> bool:
        return bool(self._members(schema)) or _is_enumeration(schema)

    def _define(self, schema: Node, name: str) -> None:
        self._classes[name] = []  # its place, for who refers to it meanwhile
        self._classes[name] = (
            self._enum(schema, name) if _is_enumeration(schema) else self._struct(schema, name)
        )

    def _enumerated(self, schema: Node, name: str) -> str:
        if _is_enumeration(schema):
            made = self._names.type_name(name)
            self._define(schema, made)
            return made
        values = [one for one in schema.get("enum", [schema.get("const")]) if one is not None]
        kinds = {type(one) for one in values}
        return (
            {str: "str", int: "int", bool: "bool"}.get(kinds.pop(), UNKNOWN) if len(kinds) == 1 else UNKNOWN
        )

    def _object(self, schema: Node, name: str) -> str:
        if self._members(schema):
            made = self._names.type_name(name)
            self._define(schema, made)
            return made
        others = schema.get("additionalProperties")
        return (
            f"dict[str, {self.type_of(others, f'{name}Value') if isinstance(others, Mapping) else UNKNOWN}]"
        )

    def _union(self, types: list[str]) -> str:
        """Of plain types. Of several objects, or of two that JSON does not tell apart, nobody can say which it is."""
        parts = list(dict.fromkeys(part for one in types for part in one.split(" | ")))
        told = [one for one in parts if one != "None"]
        if UNKNOWN in told or not told:
            return UNKNOWN
        if len(told) > 1 and not {*told} <= {"str", "int", "bool"}:
            return UNKNOWN
        return " | ".join([*told, *(["None"] if "None" in parts else [])])

    def _members(self, schema: Node) -> dict[str, tuple[Node, bool]]:
        """By name, with whether each must be there; those of ``allOf`` are joined."""
        found: dict[str, tuple[Node, bool]] = {}
        required: set[str] = set()
        self._join(schema, found, required, ())
        return {name: (member, name in required) for name, (member, _) in found.items()}

    def _join(
        self, schema: Node, found: dict[str, tuple[Node, bool]], required: set[str], within: tuple[str, ...]
    ) -> None:
        for part in schema.get("allOf", ()):
            ref = str(part.get("$ref", ""))
            if ref and ref in within:
                continue
            self._join(self._document.resolved(part), found, required, (*within, ref) if ref else within)
        found |= {name: (member, False) for name, member in schema.get("properties", {}).items()}
        required |= set(schema.get("required", ()))

    def _enum(self, schema: Node, name: str) -> list[str]:
        values = [one for one in schema["enum"] if one is not None]
        base, names = ("StrEnum" if isinstance(values[0], str) else "IntEnum"), Names()
        lines = [f"class {name}({base}):"]
        if about := docstring(str(schema.get("description", "")), "    "):
            lines += [*about, ""]
        for value in dict.fromkeys(values):
            shown = quoted(value) if isinstance(value, str) else str(value)
            lines.append(f"    {names.constant(str(value))} = {shown}")
        return lines

    def _struct(self, schema: Node, name: str) -> list[str]:
        lines = [f"class {name}(Struct, frozen=True, kw_only=True, omit_defaults=True):"]
        if about := docstring(str(schema.get("description", "")), "    "):
            lines += [*about, ""]
        names = Names()
        for original, (member, required) in self._members(schema).items():
            lines += self._member(original, member, required, names.member(original), name)
        return lines

    def _member(self, original: str, schema: Node, required: bool, name: str, within: str) -> list[str]:
        if not original.isprintable() or set(original) & UNWRITABLE:
            raise wrong(f"No shape can have a member that is called {original!r}, as {within} has.")
        told = self.type_of(schema, f"{within}_{original}")
        if not required and not may_be_none(told) and told != UNKNOWN:
            told = f"{told} | None"
        given = [] if required else ["default=None"]
        given += [] if name == original else [f"name={quoted(original)}"]
        line = f"    {name}: {told}"
        lines = _assigned(line, given) if name != original else [line if required else f"{line} = None"]
        return [*lines, *docstring(str(schema.get("description", "")), "    ")]


def may_be_none(told: str) -> bool:
    return told == "None" or told.endswith(" | None")


def _assigned(line: str, given: list[str]) -> list[str]:
    """In one line if it fits; a name that fits in none is as long as the vendor has it."""
    if len(one := f"{line} = field({', '.join(given)})") <= WIDTH:
        return [one]
    if len(within := f"        {', '.join(given)}") <= WIDTH:
        return [f"{line} = field(", within, "    )"]
    return [f"{line} = field(", *(f"        {one}," for one in given), "    )"]


def _is_enumeration(schema: Node) -> bool:
    values: list[Any] = [one for one in schema.get("enum", ()) if one is not None]
    return bool(values) and (
        all(isinstance(one, str) for one in values) or all(type(one) is int for one in values)
    )
