"""How far a connector has come, rule by rule."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from makeready.cli import cli
from makeready.plugins import connectors
from makeready_commands.subscribers.scorecard import RULES, Mark, Step, scores_of, step_of
from makeready_hooks import ConnectorType, Role, hookimpl
from makeready_hooks.testing.contracts.mis import MisContract
from makeready_hooks.testing.contracts.storefront import StorefrontContract
from makeready_hooks.testing.results import read_result
from msgspec import Struct, structs

OURS = connectors().types
KITS = {Role.MIS: MisContract, Role.STOREFRONT: StorefrontContract}
by_name = pytest.mark.parametrize("name", ["pressero", "tharstern"])


class Bare(Struct, frozen=True, kw_only=True):
    server: str = ""


class Least:
    @hookimpl
    def map_order(self) -> None: ...


def least(settings: Any, context: Any) -> Least:
    return Least()


BARE = ConnectorType(name="bare", title="Bare", role=Role.OBSERVER, settings=Bare, build=least)


def marks(kind: ConnectorType) -> dict[str, Mark]:
    return {one.rule: one.mark for one in scores_of(kind)}


@by_name
def test_ours_are_complete_or_say_why_not(name: str) -> None:
    scores = scores_of(OURS[name])
    assert {one.rule: one.why for one in scores if one.mark is Mark.NO} == {}
    assert step_of(scores) is Step.COMPLETE
    assert all(one.why.endswith(".") for one in scores if one.mark is Mark.EXEMPT)


@by_name
def test_what_the_kit_has_found_is_of_this_kit(name: str) -> None:
    """If it is not: make kit-results."""
    result = read_result(OURS[name])
    kit = {one for one in dir(KITS[OURS[name].role]) if one.startswith("test_")}
    assert result
    assert kit == set(result.passed)


def test_a_bare_connector_is_told_what_it_lacks() -> None:
    found = marks(BARE)
    lacking = {"settings", "edition", "kit", "assumptions", "check", "emulator", "currency", "limits", "page"}
    assert {name for name, mark in found.items() if mark is Mark.NO} == lacking
    assert {name for name, mark in found.items() if mark is Mark.NOT_ASKED} == {
        "address",
        "find-order",
        "webhooks",
        "far-end",
    }
    assert step_of(scores_of(BARE)) is None


def test_a_reason_stands_in_for_a_rule_that_is_not_kept_and_for_no_other() -> None:
    excused = structs.replace(
        BARE, exempt=(("settings", "Nobody sets it."), ("edition", "It is old."), ("hooks", "No."))
    )
    scores = scores_of(excused)
    assert marks(excused) | {"settings": Mark.EXEMPT, "edition": Mark.EXEMPT, "hooks": Mark.YES} == marks(
        excused
    )
    assert step_of(scores) is Step.USABLE
    assert next(one.why for one in scores if one.rule == "settings") == "Nobody sets it."


@by_name
def test_a_connector_names_only_rules_that_there_are(name: str) -> None:
    assert {rule for rule, _ in OURS[name].exempt} <= {one.name for one in RULES}


def test_it_is_shown_and_told_as_data() -> None:
    shown = CliRunner().invoke(cli, ["plugins", "--scorecard"]).output
    assert "tharstern is complete" in shown
    told = json.loads(CliRunner().invoke(cli, ["plugins", "pressero", "--scorecard", "--json"]).output)
    assert [(one["name"], one["step"]) for one in told] == [("pressero", "complete")]
    assert {one["rule"]: one["mark"] for one in told[0]["rules"]}["currency"] == "exempt"
