"""What the Structs of the contract say of themselves: members, types, defaults, descriptions, and who sets them."""

import ast
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from enum import Enum
from functools import cache
from itertools import zip_longest
from types import ModuleType
from typing import Any

import msgspec
from makeready_hooks import connectors, editions, http, model, specs
from makeready_hooks.markers import PROJECT
from msgspec import Struct

CORE, CONNECTOR = "the core", "the connector"
SET_BY = {
    "Assumption": CONNECTOR,
    "Rule": CONNECTOR,
    "ConnectorContext": CORE,
    "HttpAnswer": CORE,
    "HttpRequest": CONNECTOR,
    "CallLimit": CONNECTOR,
    "Consignment": CORE,
    "ConnectorType": CONNECTOR,
    "StorefrontFile": CONNECTOR,
}
"""Of those that no hook is given or answers with."""
NEVER_CROSS = {"Misfit"}


class Member(Struct, frozen=True, kw_only=True):
    name: str
    type: Any
    type_text: str
    default: str
    """As code has it; empty if it must be given."""
    required: bool
    text: str
    """Its description."""
    since: int


def modules() -> list[ModuleType]:
    """Those whose Structs cross the border, in the alphabet's order within `model`."""
    names = sorted(one.name for one in pkgutil.iter_modules(model.__path__))
    return [connectors, http, *(importlib.import_module(f"{model.__name__}.{name}") for name in names)]


def structs_of(module: ModuleType) -> list[type[Struct]]:
    found = (one for one in vars(module).values() if inspect.isclass(one) and issubclass(one, Struct))
    return [one for one in found if one.__module__ == module.__name__ and one.__name__ not in NEVER_CROSS]


def members_of(kind: type[Struct]) -> list[Member]:
    return [_member(kind, field) for field in msgspec.structs.fields(kind)]


def _member(kind: type[Struct], field: msgspec.structs.FieldInfo) -> Member:
    owner = next(one for one in kind.__mro__ if field.name in vars(one).get("__annotations__", {}))
    written, text = _written(owner)[field.name]
    default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory
    return Member(
        name=field.name,
        type=typing.get_type_hints(kind)[field.name],
        type_text=written,
        default="" if field.required else _default_text(default),
        required=field.required,
        text=text,
        since=max(_since().get(owner.__name__, 1), _since().get(f"{owner.__name__}.{field.name}", 1)),
    )


@cache
def _written(kind: type) -> dict[str, tuple[str, str]]:
    """By member, its type as the source has it, and the text under it or in its `Meta`."""
    hints = typing.get_type_hints(kind, include_extras=True)
    found = {}
    for one, below in _with_text_below(kind):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            metas = getattr(hints[one.target.id], "__metadata__", ())
            said = " ".join([*(meta.description or "" for meta in metas), below])
            found[one.target.id] = _type_text(one.annotation), " ".join(said.split())
    return found


def _with_text_below(kind: type) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement of a class, with the text that stands under it."""
    tree = ast.parse(inspect.getsource(kind)).body[0]
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for one, below in zip_longest(body, body[1:]):
        value = getattr(below, "value", None) if isinstance(below, ast.Expr) else None
        yield one, str(value.value) if isinstance(value, ast.Constant) else ""


def _type_text(annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        first: ast.expr = annotation.slice.elts[0]  # type: ignore[attr-defined]  # Annotated has two parts
        return ast.unparse(first)
    return ast.unparse(annotation)


def _default_text(default: Any) -> str:
    if isinstance(default, Enum):
        return f"{type(default).__name__}.{default.name}"
    if isinstance(default, Struct):
        return f"{type(default).__name__}()"
    if isinstance(default, frozenset):
        return f"{{{', '.join(sorted(map(_default_text, default)))}}}" if default else "frozenset()"
    if inspect.isfunction(default):
        return "none of them"
    return "{}" if default is dict else repr(default).replace("Decimal('", "Decimal(").replace("')", ")")


def hooks() -> Iterator[Any]:
    return (one for one in vars(specs).values() if hasattr(one, f"{PROJECT}_spec"))


@cache
def given_to(name: str) -> list[str]:
    """The hooks that have a Struct among their arguments."""
    return [one.__name__ for one in hooks() if name in _named(one, arguments=True)]


@cache
def answer_of(name: str) -> list[str]:
    """The hooks that answer with a Struct."""
    return [one.__name__ for one in hooks() if name in _named(one, arguments=False)]


def _named(hook: Any, *, arguments: bool) -> set[str]:
    hints = typing.get_type_hints(hook)
    kinds = [hint for name, hint in hints.items() if (name != "return") == arguments]
    return {one.__name__ for kind in kinds for one in structs_in(kind)}


def structs_in(hint: Any) -> set[type[Struct]]:
    """Those that a type names, also within others, such as a tuple or a choice."""
    if inspect.isclass(hint) and issubclass(hint, Struct):
        return {hint}
    return {one for part in typing.get_args(hint) for one in structs_in(part)}


@cache
def part_of(name: str) -> list[str]:
    """The Structs that have one among their members."""
    kinds = [kind for module in modules() for kind in structs_of(module)]
    return [
        kind.__name__
        for kind in kinds
        if any(name in {one.__name__ for one in structs_in(member.type)} for member in members_of(kind))
    ]


def set_by(name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """Who makes such a Struct: who gives it to a hook is the core, who answers is the connector."""
    if name in seen:
        return set()
    makers = {SET_BY[name]} if name in SET_BY else set()
    makers |= {CORE} if given_to(name) else set()
    makers |= {CONNECTOR} if answer_of(name) else set()
    for whole in part_of(name):
        makers |= set_by(whole, seen | {name})
    for kind in _kinds_of(name):
        makers |= set_by(kind, seen | {name})
    return makers


def _kinds_of(name: str) -> list[str]:
    """Those that are a Struct of this name and more."""
    kinds = [kind for module in modules() for kind in structs_of(module)]
    return [kind.__name__ for kind in kinds if name in {one.__name__ for one in kind.__mro__[1:]}]


def since(kind: type[Struct]) -> int:
    return _since().get(kind.__name__, 1)


@cache
def _since() -> dict[str, int]:
    return {name: edition for edition, names in editions.NEW_MEMBERS.items() for name in names}


def enums_of(module: ModuleType) -> list[type[Enum]]:
    found = (one for one in vars(module).values() if inspect.isclass(one) and issubclass(one, Enum))
    return [one for one in found if one.__module__ == module.__name__]


def values_of(kind: type[Enum]) -> Iterator[tuple[str, str]]:
    """Each value of an enum, with the text under it."""
    for one, below in _with_text_below(kind):
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            yield str(kind[one.targets[0].id].value), " ".join(below.split())


def exceptions_of(module: ModuleType) -> list[type[Exception]]:
    found = (one for one in vars(module).values() if inspect.isclass(one) and issubclass(one, Exception))
    return [one for one in found if one.__module__ == module.__name__]


PLAIN = re.compile(
    r"^(first_name|last_name|business|email|phone|fax|department|line[123]|city|region|postcode"
    r"|name|title|label|description|message|carrier|service)$"
)
"""Names of texts that say all by themselves."""


def lacks_description(kind: type[Struct], member: Member) -> str:
    """Why a member has to be described and is not; empty if all is well.

    A text with one of the `PLAIN` names needs no description, nor does what is of a Struct or an enum of the contract, which
    is described over there. All else does. A member that can be None says what None means, or its Struct does.
    """
    about = f"{member.text} {inspect.getdoc(kind) or ''}"
    if type(None) in typing.get_args(member.type) and not re.search(r"\bNone\b", about):
        return "it does not say what None means"
    if member.text:
        return ""
    if member.type in (str, str | None):
        return "" if PLAIN.match(member.name) else "a text whose name does not say all"
    return "" if _is_ours(member.type) else "its unit or meaning is not said"


def _is_ours(hint: Any) -> bool:
    if inspect.isclass(hint) and issubclass(hint, Struct | Enum):
        return bool(inspect.getdoc(hint)) or issubclass(hint, Enum)
    parts = [one for one in typing.get_args(hint) if one not in (type(None), Ellipsis)]
    return bool(parts) and all(map(_is_ours, parts))
