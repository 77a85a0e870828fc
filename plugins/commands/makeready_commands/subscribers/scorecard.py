"""How far a connector has come: rules in three steps, each seen by machine or left out for a reason of its author's."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.metadata import entry_points
from typing import Any

import msgspec
from makeready.subscribers.settings import address_names, secret_names, settings_schema
from makeready_hooks import EDITION, ConnectorType, Role
from makeready_hooks.fit import offered
from makeready_hooks.model.assumptions import MEMBER, assumptions_of
from makeready_hooks.testing.emulation import EMULATORS
from makeready_hooks.testing.results import distribution_of, read_result, version_of
from msgspec import Struct


class Step(StrEnum):
    USABLE = "usable"
    DEPENDABLE = "dependable"
    COMPLETE = "complete"


class Mark(StrEnum):
    YES = "yes"
    NO = "no"
    EXEMPT = "exempt"
    """The connector says why."""
    NOT_ASKED = "not asked"
    """It is no question for this connector."""


class Score(Struct, frozen=True, kw_only=True):
    rule: str
    step: Step
    about: str
    mark: Mark
    why: str = ""


class Rule(Struct, frozen=True, kw_only=True):
    """``check`` answers with why it is not kept, "" if it is; None if it is no question for this connector."""

    name: str
    step: Step
    about: str
    check: Callable[[ConnectorType], str | None]


def scores_of(kind: ConnectorType) -> tuple[Score, ...]:
    return tuple(_score(rule, kind) for rule in RULES)


def step_of(scores: tuple[Score, ...]) -> Step | None:
    """The last one of which every rule is kept, or left out for a reason, with all before it; None for none."""
    reached = None
    for step in Step:
        if any(one.mark is Mark.NO for one in scores if one.step is step):
            break
        reached = step
    return reached


def card_told(name: str, scores: tuple[Score, ...]) -> dict[str, Any]:
    """As data, for a script."""
    rules = [{name: getattr(one, name) for name in one.__struct_fields__} for one in scores]
    return {"name": name, "step": step_of(scores), "rules": rules}


def _score(rule: Rule, kind: ConnectorType) -> Score:
    why = rule.check(kind)
    mark = Mark.NOT_ASKED if why is None else Mark.NO if why else Mark.YES
    if mark is Mark.NO and rule.name in dict(kind.exempt):
        mark, why = Mark.EXEMPT, dict(kind.exempt)[rule.name]
    return Score(rule=rule.name, step=rule.step, about=rule.about, mark=mark, why=why or "")


def _has_the_hooks(kind: ConnectorType) -> str:
    return offered(kind).why


def _describes_settings(kind: ConnectorType) -> str:
    bare = sorted(_undescribed(kind.settings))
    return f"no title and no description: {', '.join(bare)}" if bare else ""


def _undescribed(settings: type[Struct]) -> Iterator[str]:
    properties = settings_schema(settings)["$defs"][settings.__name__]["properties"]
    for field in msgspec.structs.fields(settings):
        given = properties[field.encode_name]
        if field.name != MEMBER and not given.get("title") and not given.get("description"):
            yield field.name


def _is_of_this_edition(kind: ConnectorType) -> str:
    return (
        "" if kind.edition == EDITION else f"it was built for edition {kind.edition}, and there is {EDITION}"
    )


def _says_who_gets_secrets(kind: ConnectorType) -> str | None:
    if not secret_names(kind.settings):
        return None
    return (
        "" if address_names(kind.settings) else "no setting is marked as the server's address (GIVEN_SECRETS)"
    )


def _finds_orders(kind: ConnectorType) -> str | None:
    if kind.role is not Role.MIS:
        return None
    return "" if "find_submitted_order" in offered(kind).hooks else "it has no find_submitted_order"


def _passed_the_kit(kind: ConnectorType) -> str:
    result, version = read_result(kind), version_of(kind)
    if result is None:
        return "no result of the kit lies beside it (kit.json)"
    if (result.version, result.edition) != (version, EDITION):
        return f"the result is of version {result.version} and edition {result.edition}"
    return f"{len(result.failed)} failed, such as {result.failed[0]}" if result.failed else ""


def _declares_assumptions(kind: ConnectorType) -> str:
    entries = assumptions_of(kind.settings)
    bare = [one.name for one in entries if not (one.evidence and one.why and one.if_wrong)]
    if not entries:
        return "it has no setting assumptions"
    return f"without evidence or consequence: {', '.join(bare)}" if bare else ""


def _has_an_emulator(kind: ConnectorType) -> str:
    names = {one.name for one in entry_points(group=EMULATORS)}
    return "" if kind.name in names else "no emulator of its name is installed"


def _verifies_webhooks(kind: ConnectorType) -> str | None:
    if not kind.tells:
        return None
    if "decode_webhook" not in offered(kind).hooks:
        return "it has no decode_webhook"
    result = read_result(kind)
    passed = any("wrong_signature" in one for one in (result.passed if result else ()))
    return "" if passed else "the kit did not see that a wrong signature is rejected"


def _hook(name: str, role: Role | None = None) -> Callable[[ConnectorType], str | None]:
    def check(kind: ConnectorType) -> str | None:
        if role is not None and kind.role is not role:
            return None
        return "" if name in offered(kind).hooks else f"it has no {name}"

    return check


def _says_its_far_end(kind: ConnectorType) -> str | None:
    if kind.role is not Role.MIS:
        return None
    default = next(one.default for one in msgspec.structs.fields(ConnectorType) if one.name == "far_end")
    return "" if kind.far_end is not default else "its far_end is the same for all settings"


def _has_a_page(kind: ConnectorType) -> str:
    found = distribution_of(kind)
    told = found.metadata.json.get("description") if found else ""
    return "" if told else "no README travels with its distribution"


RULES = (
    Rule(name="hooks", step=Step.USABLE, about="It has the hooks of its role.", check=_has_the_hooks),
    Rule(name="settings", step=Step.USABLE, about="Every setting is described.", check=_describes_settings),
    Rule(
        name="edition",
        step=Step.USABLE,
        about="It is built for the contract's edition.",
        check=_is_of_this_edition,
    ),
    Rule(
        name="address",
        step=Step.USABLE,
        about="The setting that says who gets the secrets is marked.",
        check=_says_who_gets_secrets,
    ),
    Rule(
        name="kit",
        step=Step.DEPENDABLE,
        about="This version has passed the contract kit.",
        check=_passed_the_kit,
    ),
    Rule(
        name="find-order",
        step=Step.DEPENDABLE,
        about="It can say for certain whether an order was taken.",
        check=_finds_orders,
    ),
    Rule(
        name="assumptions",
        step=Step.DEPENDABLE,
        about="What is not known stands in its settings, with evidence and consequence.",
        check=_declares_assumptions,
    ),
    Rule(
        name="webhooks",
        step=Step.DEPENDABLE,
        about="Events that are not genuine are rejected.",
        check=_verifies_webhooks,
    ),
    Rule(
        name="far-end",
        step=Step.DEPENDABLE,
        about="It says which server settings lead to.",
        check=_says_its_far_end,
    ),
    Rule(
        name="check",
        step=Step.DEPENDABLE,
        about="Its connection can be tested.",
        check=_hook("check_connection"),
    ),
    Rule(name="emulator", step=Step.COMPLETE, about="An emulator comes with it.", check=_has_an_emulator),
    Rule(
        name="currency",
        step=Step.COMPLETE,
        about="It states the currency of amounts.",
        check=_hook("currency"),
    ),
    Rule(
        name="limits",
        step=Step.COMPLETE,
        about="It declares what members can hold.",
        check=_hook("list_limits"),
    ),
    Rule(name="page", step=Step.COMPLETE, about="A README travels with it.", check=_has_a_page),
)
