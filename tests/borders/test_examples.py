"""What help texts show to type can be typed: each example is run, or read by what would read it."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from documents import wrong_in_command
from examples import Example, converted, in_commands, in_settings, resolved
from makeready.attention.model import AlertRules
from makeready.attention.working_hours import digest_time, working_time
from makeready.orders.corrections.model import Correction
from makeready.orders.corrections.rules import check
from makeready.orders.settings import OrderRules
from makeready.prices.model import PriceRules
from makeready.products.part_numbers import product_of_part_number
from makeready.subscribers.model import Subscriber
from makeready.subscribers.secrets import check_reference
from makeready.times import parse_time
from makeready_hooks.outside import split_address
from makeready_imports.markups.percents import read_percent
from makeready_pressero.settings import PresseroSettings
from makeready_tharstern.pricing.templates import STEP
from makeready_tharstern.settings import TharsternSettings
from said import texts

NAMED = re.compile(r"\bmakeready ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
"""A command in a text, with the one below it if there is one."""
NO_COMMANDS = {"listens", "works", "read"}
"""What the program does in a sentence."""
PRESSERO = {
    "admin_url": "https://shop.example",
    "user_name": "a",
    "password": "b",
    "subscriber_id": "c",
    "consumer_id": "d",
}
THARSTERN = {"server_url": "https://mis.example", "login": "a", "password": "b", "api_key": "c"}


def _is_corrected(text: str) -> None:
    name, _, value = text.partition("=")
    line, dot, member = name.partition(".")
    numbered = bool(dot) and line.isdigit()
    check([Correction(line=int(line) if numbered else 0, member=member if numbered else name, value=value)])


def _is_an_address(text: str) -> None:
    parts = split_address(text)
    assert parts.scheme in ("http", "https") and parts.hostname


def _is_an_action(text: str) -> None:
    """Actions are named by the command, or by its group."""
    assert resolved([text], "makeready") == ""


def _is_a_key(text: str) -> None:
    for command in ("orders send-again", "orders amend", "orders correct"):
        assert wrong_in_command(f"makeready {command} northfield {text}", Path()) == ""


def _is_of_the_company(text: str) -> None:
    assert (
        product_of_part_number(Subscriber(name="northfield", title="", external_user_id=117), text) == "4107"
    )


def _is_a_prefix(text: str) -> None:
    prefix = text.partition("-")[0] + "-"
    assert OrderRules(reference_prefix=prefix).reference("6994-1") == text or text == "6994-1"


def _is_a_path(text: str) -> None:
    assert all(STEP.fullmatch(part) for part in text.split(".")) or text == "[]"


def _pressero(name: str) -> Callable[[str], Any]:
    return lambda text: PresseroSettings(**{**PRESSERO, name: text})


def _tharstern(name: str) -> Callable[[str], Any]:
    return lambda text: TharsternSettings(**{**THARSTERN, name: text})


READ: Mapping[str, Callable[[str], Any]] = {
    "makeready audit export --action": _is_an_action,
    "makeready audit list --action": _is_an_action,
    "makeready capture --to": _is_an_address,
    "makeready import markup --markup": read_percent,
    "makeready orders amend": _is_a_key,
    "makeready orders correct": _is_a_key,
    "makeready orders correct --set": _is_corrected,
    "makeready orders send-again": _is_a_key,
    "makeready pause begin --until": lambda text: parse_time(text, field="until"),
    "makeready serve --public-url": _is_an_address,
    "makeready subscriber add --set": lambda text: check_reference(text, "company", "password"),
    "company.external_user_id": _is_of_the_company,
    "orders.starts_at": lambda text: OrderRules(starts_at=text).start,
    "orders.reference_prefix": _is_a_prefix,
    "alerts.digest_at": lambda text: digest_time(AlertRules(digest_at=text)),
    "alerts.working_hours": lambda text: working_time(AlertRules(working_hours=text)),
    "alerts.time_zone": lambda text: working_time(AlertRules(time_zone=text)),
    "prices.shop_markups_removed_at": lambda text: PriceRules(markup="engine", shop_markups_removed_at=text),
    "prices.currencies": lambda text: PriceRules(currencies={"tharstern": text}),
    "pressero.admin_url": _pressero("admin_url"),
    "pressero.tracking_text": _pressero("tracking_text"),
    "tharstern.server_url": _tharstern("server_url"),
    "tharstern.time_zone": _tharstern("time_zone"),
    "tharstern.order_members": lambda text: _tharstern("order_members")({"po_number": text}),  # type: ignore[arg-type]
    "tharstern.estimate_options.path": _is_a_path,
    "tharstern.estimate_options.send": lambda text: tomllib.loads(f"send = {text}"),
}
"""What reads the examples of an option or a setting. Of any other, an example is a value as it stands, or a command."""
SHAPED: Mapping[str, Callable[[str], Any]] = {
    "routes.products": lambda text: {text: "tharstern"},
    "stock.domains": lambda text: {text: "shop.example"},
    "pressero.assumptions.file_roles": lambda text: dict([text.split(" = ")]),
}
"""Settings that are no text: how an example stands in them."""
TOLD = {
    "makeready user add: an e-mail address": "a kind of name",
    "orders.grouping: 6994-S2": "a reference that comes of it",
    "orders.too_long: a line of an address that is too long for it": "what can be so",
    "routes.first_shop: market:6994": "a number that comes of it",
    "tharstern.estimate_options.path: send": "the setting beside it",
}
"""What looks like an example and is nothing to type, with what it is instead. Names of vendors' members are none either."""


def of(examples: Any) -> Any:
    wanted = [one for one in examples if one.name not in TOLD and not _names_a_member(one)]
    return pytest.mark.parametrize("example", wanted, ids=lambda one: one.name)


def _names_a_member(one: Example) -> bool:
    """Assumptions tell what a vendor calls things; those that a person may type look like values."""
    return ".assumptions." in one.place and one.place not in SHAPED and one.place not in READ


@of(in_commands())
def test_an_example_in_the_help_of_a_command_can_be_typed(example: Example) -> None:
    if example.place in READ:
        READ[example.place](example.text)
    else:
        assert resolved(example.text.removeprefix("makeready ").split(), example.place) == ""


@of(in_settings())
def test_an_example_beside_a_setting_can_be_its_value(example: Example) -> None:
    if example.place in READ:
        READ[example.place](example.text)
    elif example.text == "subscriber check":
        assert resolved(example.text.split(), "makeready") == ""
    else:
        converted(example, SHAPED.get(example.place, str)(example.text))


def test_what_is_told_and_not_typed_is_still_told() -> None:
    assert TOLD.keys() - {one.name for one in (*in_commands(), *in_settings())} == set()
    places = {one.place for one in (*in_commands(), *in_settings())}
    assert (READ.keys() | SHAPED.keys()) - places == set()


def test_commands_that_any_text_of_the_product_names_are_there() -> None:
    """What to do about an error, what comes next: *See: makeready orders list*."""
    named = {found for text in texts() for found in NAMED.findall(text) if found[0] not in NO_COMMANDS}
    assert len(named) > 20
    assert {found: why for found in named if (why := resolved([*filter(None, found)], "makeready"))} == {}
