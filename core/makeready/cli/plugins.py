"""``makeready plugins``: what is installed, and what can be set."""

from typing import Any

import click
import msgspec
from makeready_hooks import ConnectorType

from makeready.cli.common import as_json, print_json, print_table
from makeready.plugins import connector_types, emulator_types
from makeready.settings import settings_schema


@click.command()
@click.argument("name", required=False)
@as_json
def plugins(name: str | None, as_json: bool) -> None:
    """List installed connectors; with NAME, the settings of one."""
    kinds = connector_types()
    if name is not None and name not in kinds:
        raise click.BadParameter(f"there is no connector {name}; there are: {', '.join(kinds)}")
    if as_json:
        chosen = kinds.values() if name is None else [kinds[name]]
        print_json([described(kind) for kind in chosen])
    elif name is None:
        _list(kinds)
    else:
        _show(kinds[name])


def _list(kinds: dict[str, ConnectorType]) -> None:
    emulated = emulator_types()
    lines = [
        (kind.name, kind.title, kind.role.value, "yes" if kind.name in emulated else "no")
        for kind in kinds.values()
    ]
    print_table(("name", "title", "role", "emulator"), lines, empty="No connector is installed.")


def _show(kind: ConnectorType) -> None:
    lines = [
        (row["name"], row["type"], "required" if row["required"] else row["default"], row["description"])
        for row in _settings(kind)
    ]
    print_table(("setting", "type", "default", "meaning"), lines, empty="It has no settings.")


def described(kind: ConnectorType) -> dict[str, Any]:
    """A connector and its settings as data: the one source for this command and the documentation."""
    return {"name": kind.name, "title": kind.title, "role": kind.role.value, "settings": _settings(kind)}


def _settings(kind: ConnectorType) -> list[dict[str, Any]]:
    schema = settings_schema(kind.settings)
    properties = schema["$defs"][kind.settings.__name__]["properties"]
    return [_setting(field, properties[field.encode_name]) for field in msgspec.structs.fields(kind.settings)]


def _setting(field: msgspec.structs.FieldInfo, schema: dict[str, Any]) -> dict[str, Any]:
    title, text = schema.get("title", ""), schema.get("description", "")
    return {
        "name": field.name,
        "type": _type_text(schema),
        "required": field.required,
        "default": "" if field.required or field.default is msgspec.NODEFAULT else _text(field.default),
        "description": f"{title}. {text}".strip(". ") if title and text else title or text,
    }


def _type_text(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "|".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return "|".join(_type_text(one) for one in schema["anyOf"])
    return (
        "table"
        if "$ref" in schema or "allOf" in schema
        else str(schema.get("format") or schema.get("type", ""))
    )


def _text(default: Any) -> str:
    return (
        "" if default in ("", None) else "defaults" if isinstance(default, msgspec.Struct) else str(default)
    )
