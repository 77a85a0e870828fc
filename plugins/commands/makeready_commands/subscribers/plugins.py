"""``makeready plugins``: what is installed, and what can be set."""

from collections.abc import Mapping
from typing import Any

import click
import msgspec
from makeready.extensions import installed
from makeready.plugins import BrokenPlugin, Found, connectors
from makeready.subscribers.settings import settings_schema
from makeready.terminal import as_json, print_json, print_table
from makeready_hooks import EDITION, ConnectorType
from makeready_hooks.fit import offered

from makeready_commands.subscribers.scorecard import Score, Step, card_told, scores_of, step_of


@click.command()
@click.argument("name", required=False)
@click.option("--scorecard", is_flag=True, help="How far each connector has come, rule by rule.")
@as_json
def plugins(name: str | None, scorecard: bool, as_json: bool) -> None:
    """List installed connectors, and plugins that cannot be loaded; with NAME, the settings of one."""
    found = connectors()
    if name is not None:
        if name not in {*found.types, *(plugin.name for plugin in found.broken)}:
            raise click.BadParameter(f"there is no connector {name}; there are: {', '.join(found.types)}")
        kind = found.one(name, "connector", field="name")
        if not scorecard:
            print_json([described(kind)]) if as_json else _show(kind)
            return
        found = Found(types={name: kind}, broken=())
    if scorecard:
        cards = {kind.name: scores_of(kind) for kind in found.types.values()}
        print_json([card_told(*one) for one in cards.items()]) if as_json else _show_cards(cards)
        return
    broken = [*found.broken, *installed().broken]
    if as_json:
        print_json([*map(described, found.types.values()), *map(_told, broken)])
        return
    _list(found.types)
    for plugin in broken:
        click.echo(f"{plugin} {plugin.fix}")


def _told(plugin: BrokenPlugin) -> dict[str, str]:
    return {"name": plugin.name, "origin": plugin.origin, "cannot_be_loaded": plugin.why, "fix": plugin.fix}


def _list(kinds: Mapping[str, ConnectorType]) -> None:
    lines = [(kind.name, kind.title, kind.role.value, str(kind.edition)) for kind in kinds.values()]
    print_table(("name", "title", "role", "edition"), lines, empty="No connector is installed.")
    for kind in kinds.values():
        for text in offered(kind).outdated:
            click.echo(
                f"{kind.name} was built for edition {kind.edition} of {EDITION}, and works. Changed since: {text}."
            )


def _show(kind: ConnectorType) -> None:
    lines = [
        (row["name"], row["type"], "required" if row["required"] else row["default"], row["description"])
        for row in _settings(kind)
    ]
    print_table(("setting", "type", "default", "meaning"), lines, empty="It has no settings.")


def _show_cards(cards: Mapping[str, tuple[Score, ...]]) -> None:
    for name, scores in cards.items():
        click.echo(f"{name} is {step_of(scores) or 'not usable yet'}; the steps are: {', '.join(Step)}.")
        lines = [(one.step.value, one.rule, one.mark.value, one.why or one.about) for one in scores]
        print_table(("step", "rule", "kept", "what it says"), lines, empty="")


def described(kind: ConnectorType) -> dict[str, Any]:
    """A connector and its settings as data: the one source for this command and the documentation."""
    told: dict[str, Any] = {
        "name": kind.name,
        "title": kind.title,
        "role": kind.role.value,
        "edition": kind.edition,
    }
    told |= {"tells": sorted(kind.tells)}
    return {**told, "outdated": offered(kind).outdated, "settings": _settings(kind)}


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
