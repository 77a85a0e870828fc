"""What help texts show for somebody to type: examples in the `--help` of commands and in the words beside settings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import click
import msgspec
from makeready.cli import cli
from makeready.plugins import connectors
from makeready.subscribers.model import RULES, CommonSettings
from msgspec import Struct, inspect

FORMS = (
    r"https?://[^\s;,]+?(?=[;,.]?(?:\s|$))",
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?",
    r"\b\d\d:\d\d(?:-\d\d:\d\d)?\b",
    r"\b[A-Z][a-z]+/[A-Z]\w+",
    r"\benv:\w+",
    r'"[\w.]+=[^"]+"|\b[\w.]+=\w+',
    r"(?<=[Ss]uch as )[^,;:.]+?(?= or |[,;:]|\.(?:\s|$)|$)",
    r"``?[^`]+``?",
    r"\b\d{3,}-[\w]+\b|\b[A-Z]-\d{3,}-\d+\b|\bmarket:\d+",
    r"(?<=: )[A-Z][a-z]+[A-Z]\w+|\b[A-Z]\w+\.[A-Z]\w+",
    r"www\.[\w.]+",
)
"""What an example looks like: an address, a moment, hours, a zone, a variable, a value, what *such as* names, code."""
EXAMPLE = re.compile("|".join(f"(?:{one})" for one in FORMS))


class Example(Struct, frozen=True, kw_only=True):
    place: str
    """``makeready serve --public-url``, ``prices.currencies``."""
    text: str
    value_of: Any = None
    """Of a setting: its struct and its field."""

    @property
    def name(self) -> str:
        return f"{self.place}: {self.text}"


def found_in(text: str) -> list[str]:
    return [one.strip("`\"' ") for one in EXAMPLE.findall(text)]


def in_commands() -> Iterator[Example]:
    yield from _of_command(cli, "makeready")


def _of_command(command: click.Command, path: str) -> Iterator[Example]:
    for text in found_in(command.help or ""):
        yield Example(place=path, text=text)
    for one in command.params:
        for text in found_in(getattr(one, "help", None) or ""):
            yield Example(place=f"{path} {one.opts[-1]}", text=text)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _of_command(below, f"{path} {name}")


def in_settings() -> Iterator[Example]:
    yield from _of_struct(CommonSettings, "company", RULES)
    for name, rules in RULES.items():
        yield from _of_struct(rules, name, {})
    for name, kind in connectors().types.items():
        yield from _of_struct(kind.settings, name, {})


def _of_struct(kind: type[Struct], path: str, elsewhere: Mapping[str, Any]) -> Iterator[Example]:
    for field in inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        if field.name in elsewhere:
            continue
        place, shape = f"{path}.{field.name}", field.type
        if isinstance(shape, inspect.Metadata):
            described = (shape.extra_json_schema or {}).get("description", "")
            shown = (shape.extra_json_schema or {}).get("examples", ())
            for text in (*found_in(described), *map(str, shown)):
                yield Example(place=place, text=text, value_of=(kind, field.encode_name))
            shape = shape.type
        for inner in _structs_in(shape):
            yield from _of_struct(inner, place, {})


def _structs_in(shape: Any) -> Iterator[type[Struct]]:
    if isinstance(shape, inspect.StructType):
        yield shape.cls
    for part in ("type", "item_type", "value_type"):
        if hasattr(shape, part):
            yield from _structs_in(getattr(shape, part))


def resolved(words: list[str], place: str) -> str:
    """Why this command, told in the help of another, cannot be typed; "" if it can. What it is about may be left out."""
    told_in = place.split(" --")[0].split()[1:]
    problems = [_problem(words, group) for group in (told_in, told_in[:-1], []) if _is_group(group)]
    return "" if "" in problems else problems[-1]


def _is_group(path: list[str]) -> bool:
    command: click.Command | None = cli
    for name in path:
        command = (
            command.get_command(click.Context(command), name) if isinstance(command, click.Group) else None
        )
    return isinstance(command, click.Group)


def _problem(words: list[str], group: list[str]) -> str:
    command: click.Command = cli
    rest = [*group, *words]
    while isinstance(command, click.Group) and rest:
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            return f"{command.name} has no command {rest[0]}"
        command, rest = found, rest[1:]
    try:
        command.make_context(command.name, rest, resilient_parsing=True)
    except click.ClickException as exc:
        return exc.format_message()
    return ""


def converted(example: Example, value: Any) -> Any:
    """The value as the setting takes it. Raises ValidationError."""
    kind, field = example.value_of
    shape = next(one.type for one in msgspec.structs.fields(kind) if one.encode_name == field)
    return msgspec.convert(value, shape)
