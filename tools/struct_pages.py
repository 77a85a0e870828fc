"""The page of every Struct that crosses the border between the core and a connector, with the errors."""

import inspect
from collections.abc import Iterator
from enum import Enum
from types import ModuleType

from makeready_hooks import capabilities, errors, lists
from msgspec import Struct
from struct_members import (
    CONNECTOR,
    CORE,
    Member,
    answer_of,
    enums_of,
    exceptions_of,
    given_to,
    members_of,
    modules,
    part_of,
    set_by,
    since,
    structs_of,
    values_of,
)

HEAD = """# Structs

All that crosses the border between the core and a connector, module by module. Every Struct is frozen and made with the
names of its members. *Set by*: the core makes those that hooks are given, the connector those that they answer with; what
both make, each fills in on its way. A member without a default must be given. What came after the first edition of the
contract says since which.

Unless a member says something else: amounts are net, as `Decimal`, in the currency of the
[hook](hooks.md#currency) `currency`; moments are aware datetimes in UTC; names that end in `_s` are seconds, in `_kg`
kilograms; an id is any text. `ShopId`: a text that is an id of the shop. Its connector takes and gives it as the shop has
it;
in a company with several shops everybody else sees those of all but the first with the name of the connector before
them, `market:6994`.

"""
ERRORS = """
Who raises which, and what the caller does then: [errors](hooks.md#errors). `message` is what happened and `fix` what to do,
for people; `after_s` the seconds that the other side asks to wait; `cause` a [NoPriceCause](#nopricecause); `field` the
setting's path, such as `connectors.shop.password`; `status` what a call from outside is answered with.

| error | is a | made with | answered with | meaning |
|---|---|---|---|---|
"""


def structs_page() -> str:
    return HEAD + "\n".join(part for module in modules() for part in _module(module)) + "\n" + _others()


def _module(module: ModuleType) -> Iterator[str]:
    kinds, enums = structs_of(module), enums_of(module)
    if kinds or enums:
        about = (inspect.getdoc(module) or "").split("\n\n")
        yield f"## {module.__name__}\n\n{' '.join(about[0].split())}\n"
    for kind in kinds:
        yield _struct(kind)
    for enum in enums:
        yield _enum(enum)


def _struct(kind: type[Struct]) -> str:
    edition = since(kind)
    text = f"### {kind.__name__}\n\n{' '.join((inspect.getdoc(kind) or '').split())}\n\n{_border(kind)}"
    text += f" Since edition {edition}.\n\n" if edition > 1 else "\n\n"
    text += "| member | type | default | meaning |\n|---|---|---|---|\n"
    text += "".join(_row(member, edition) for member in members_of(kind))
    for name, one in vars(kind).items():
        if isinstance(one, property):
            text += f"| *{name}* | | *worked out* | {_cell(inspect.getdoc(one) or '')} |\n"
    return text


def _border(kind: type[Struct]) -> str:
    """In which hooks it crosses, and who makes it."""
    name = kind.__name__
    makers = [one for one in (CORE, CONNECTOR) if one in set_by(name)]
    parts = [f"*Set by {' and '.join(makers)}.*"]
    for before, hooks in (("Given to", given_to(name)), ("Answer of", answer_of(name))):
        if hooks:
            parts.append(f"{before} {', '.join(f'[`{one}`](hooks.md#{one})' for one in hooks)}.")
    if wholes := part_of(name):
        parts.append(f"Part of {', '.join(f'[{one}](#{one.lower()})' for one in wholes)}.")
    return " ".join(parts)


def _row(member: Member, of_struct: int) -> str:
    default = "*required*" if member.required else f"`{member.default}`"
    later = f" *Since edition {member.since}.*" if member.since > of_struct else ""
    text = _cell(member.text) + later
    return f"| `{member.name}` | `{_cell(member.type_text)}` | {default} | {text.strip()} |\n"


def _enum(kind: type[Enum]) -> str:
    own = f"{' '.join(kind.__doc__.split())}\n\n" if kind.__doc__ else ""
    rows = "".join(f"| `{value}` | {_cell(text)} |\n" for value, text in values_of(kind))
    return f"### {kind.__name__}\n\n{own}| value | meaning |\n|---|---|\n{rows}"


def _others() -> str:
    """Enums that settings and connector types speak in, and the errors."""
    enums = ([f"## {one.__name__}\n", *map(_enum, enums_of(one))] for one in (capabilities, lists))
    text = "\n".join(part for parts in enums for part in parts) + f"\n## {errors.__name__}\n{ERRORS}"
    for kind in exceptions_of(errors):
        given = [str(one).split(":")[0] for one in list(inspect.signature(kind).parameters.values())]
        status, code = getattr(kind, "status", ""), getattr(kind, "exit_code", "")
        text += (
            f"| `{kind.__name__}` | `{kind.__mro__[1].__name__}` | {', '.join(f'`{one}`' for one in given)} "
        )
        text += f"| {status}, exit code {code} | {_cell(inspect.getdoc(kind) or '')} |\n"
    return text


def _cell(text: str) -> str:
    """Within a table: no line ends, no bars."""
    return " ".join(text.split()).replace("|", r"\|").replace("``", "`")
