"""Every Struct that crosses the border says what its members are, whose they are, and since when they are there."""

import pytest
from makeready_hooks import specs
from makeready_hooks.editions import EDITION, NEW_MEMBERS
from msgspec import Struct
from struct_members import (
    answer_of,
    given_to,
    lacks_description,
    members_of,
    modules,
    set_by,
    since,
    structs_of,
)

STRUCTS = [kind for module in modules() for kind in structs_of(module)]
every_struct = pytest.mark.parametrize("kind", STRUCTS, ids=lambda kind: kind.__name__)


@every_struct
def test_a_member_is_described_where_its_name_does_not_say_all(kind: type[Struct]) -> None:
    """The rule stands at `struct_members.lacks_description`."""
    found = {one.name: lacks_description(kind, one) for one in members_of(kind)}
    assert {name: why for name, why in found.items() if why} == {}


@every_struct
def test_a_struct_says_what_it_is(kind: type[Struct]) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")


@every_struct
def test_somebody_sets_each_struct(kind: type[Struct]) -> None:
    assert set_by(kind.__name__)


@every_struct
def test_a_struct_came_with_the_first_hook_that_has_it_or_before(kind: type[Struct]) -> None:
    hooks = [getattr(specs, name) for name in (*given_to(kind.__name__), *answer_of(kind.__name__))]
    if hooks and min(one.since for one in hooks) > 1:
        assert since(kind) > 1


def test_new_members_are_there() -> None:
    known = {kind.__name__: {one.name for one in members_of(kind)} for kind in STRUCTS}
    for edition, names in NEW_MEMBERS.items():
        assert edition <= EDITION
        for name in names:
            struct, _, member = name.partition(".")
            assert struct in known, name
            assert not member or member in known[struct], name


def test_a_member_that_came_later_has_a_default() -> None:
    """Else a connector of the edition before could not make the Struct any more."""
    without = [
        f"{kind.__name__}.{member.name}"
        for kind in STRUCTS
        for member in members_of(kind)
        if member.since > since(kind) and member.required
    ]
    assert without == []
