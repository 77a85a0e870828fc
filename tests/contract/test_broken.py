"""Each connector of `broken` breaks one promise, and the test of the kit that is meant for it sees that."""

import pytest
from broken import ALL, Broken, every_one
from makeready_hooks import Role
from run_kit import PASSED, SKIPPED, names_of, run, sentence_of

BROKEN = every_one()
BY_A_PROMISE = ("AssertionError", "Failed", "PluginValidationError")


def of_role(role: Role) -> list[Broken]:
    return [one for one in ALL.values() if one.contract.kind.role is role]


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_promise_is_seen(name: str) -> None:
    one = BROKEN[name]
    for test in one.tests:
        said = await run(one.contract, test)
        assert said not in (PASSED, SKIPPED), (
            f"{name} breaks the promise that {one.promise}: {test} is {said or 'passed'}"
        )
        sentence, _, why = said.partition(". ")
        kind, _, seen = why.partition(": ")
        assert sentence == sentence_of(test)[:-1]
        assert kind in BY_A_PROMISE, f"{test} breaks down over it, and does not say so: {said}"
        assert seen.strip(), f"{test} does not say what it has seen: {said}"


def test_there_are_enough_of_them_and_their_tests_exist() -> None:
    assert len(of_role(Role.MIS)) >= 85
    assert len(of_role(Role.STOREFRONT)) >= 45
    for one in ALL.values():
        assert one.tests
        assert set(one.tests) <= set(names_of(one.contract)), one.name
