"""What a connector supposes of its vendor: with its evidence, and what would happen if it were wrong.

A connector's settings have a member ``assumptions``, a frozen Struct with an entry each::

    class Assumptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        stock_member: Annotated[
            str,
            assumed(
                INFERRED,
                "Member of a product with what is on the shelf. A report has a column of this name.",
                "No stock is shown, and shops keep what they have.",
                member_of("products"),
            ),
        ] = "QtyInStock"

Where a capture of real calls can tell whether it is right, a `Rule` says how: `makeready capture` judges by it.
"""

import typing
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Meta, Struct

MEMBER = "assumptions"
"""Of a connector's settings."""
EVIDENCE, IF_WRONG, RULE = "x-evidence", "x-if-wrong", "x-rule"
"""Members of an entry's JSON Schema."""


class Evidence(StrEnum):
    SEEN = "seen"
    """In an answer of the vendor's, in a program that talks to it, or in its documents, for this very purpose."""
    INFERRED = "inferred"
    """From something near it: the same name elsewhere, a column, a page."""
    UNKNOWN = "unknown"
    """Nothing speaks for it: it is what does the least harm, or the most usual."""


SEEN, INFERRED, UNKNOWN = Evidence.SEEN, Evidence.INFERRED, Evidence.UNKNOWN


class RuleKind(StrEnum):
    MEMBER = "member"
    """The value names a member of answers, or several of which one is there."""
    QUERY = "query"
    """The value is a name in the query of calls."""
    PATH = "path"
    """The value is part of the path of a call."""


class Rule(Struct, frozen=True, kw_only=True):
    """How a real exchange confirms or refutes an assumption."""

    kind: RuleKind
    """What the assumption's value names."""
    path: str
    """The end of the call's path, in any case of letters, ``{}`` for any one segment. Of the kind ``PATH`` with ``{value}``
    where the value stands."""
    within: str = ""
    """Of a member: the assumption whose value names the list that it is in. Empty: it is one of the answer's rows, which are
    its first list of objects, or the answer itself."""
    whole: bool = False
    """Of a member: it is one of the answer itself, whatever lists it holds."""
    optional: bool = False
    """Of a member: a vendor may leave it out, so that its absence says nothing."""
    shows: str = ""
    """Of a query: the assumption, or the member, that shows in each row what was asked for. Empty: its value is a number
    of rows that is not exceeded."""


def member_of(path: str, *, within: str = "", whole: bool = False, optional: bool = False) -> Rule:
    return Rule(kind=RuleKind.MEMBER, path=path, within=within, whole=whole, optional=optional)


def query_of(path: str, *, shows: str = "") -> Rule:
    return Rule(kind=RuleKind.QUERY, path=path, shows=shows)


def call_at(path: str) -> Rule:
    return Rule(kind=RuleKind.PATH, path=path)


def assumed(evidence: Evidence, why: str, if_wrong: str, rule: Rule | None = None) -> Meta:
    """An entry. ``why``: what it is, and what speaks for it; ``if_wrong``: what people would see then."""
    more: dict[str, Any] = {EVIDENCE: evidence.value, IF_WRONG: if_wrong}
    if rule is not None:
        more[RULE] = msgspec.to_builtins(rule)
    return Meta(description=why, extra_json_schema=more)


class Assumption(Struct, frozen=True, kw_only=True):
    """An entry, as it stands in a connector's settings."""

    name: str
    """Of the member of ``assumptions``."""
    value: Any
    """As the settings have it; the default where none are given."""
    why: str = ""
    """What it is, and what speaks for it."""
    evidence: Evidence | None = None
    """None: the entry does not say."""
    if_wrong: str = ""
    """What people would see then."""
    rule: Rule | None = None
    """By which a capture is judged; None: no exchange can tell."""

    @property
    def text(self) -> str:
        """The value, for people."""
        if isinstance(self.value, dict):
            return ", ".join(f"{name} = {one}" for name, one in self.value.items())
        many = isinstance(self.value, tuple | list)
        return ", ".join(map(str, self.value)) if many else str(self.value)


def assumptions_of(settings: type[Struct], given: Struct | None = None) -> tuple[Assumption, ...]:
    """The entries of a connector's settings, in their order; () if it has none. ``given``: its ``assumptions`` in use."""
    field = next((one for one in msgspec.structs.fields(settings) if one.name == MEMBER), None)
    if field is None:
        return ()
    kind = type(field.default) if field.default is not msgspec.NODEFAULT else type(field.default_factory())
    return tuple(_entries(kind, given if given is not None else kind()))


def _entries(kind: type[Struct], values: Struct) -> Iterator[Assumption]:
    hints = typing.get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        why, more = "", dict[str, Any]()
        for meta in getattr(hints[field.name], "__metadata__", ()):
            why, more = why or meta.description or "", more | (meta.extra_json_schema or {})
        yield Assumption(
            name=field.name,
            value=getattr(values, field.name),
            why=why,
            evidence=Evidence(more[EVIDENCE]) if EVIDENCE in more else None,
            if_wrong=more.get(IF_WRONG, ""),
            rule=msgspec.convert(more[RULE], Rule) if RULE in more else None,
        )
