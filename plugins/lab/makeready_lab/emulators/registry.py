"""Emulators that are installed."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click
from makeready.outbound.addresses import PRIVATE_NETWORKS
from makeready.plugins import Found, find_plugins
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from makeready_hooks.testing.emulation import EMULATORS, EmulatorType
from msgspec import Struct

Command = TypeVar("Command", bound=Callable[..., Any])


def allow_this_machine() -> None:
    """This process and those that it starts may call the emulators beside them, as an operator allows a private network."""
    os.environ[PRIVATE_NETWORKS] = f"{os.environ.get(PRIVATE_NETWORKS, '')} 127.0.0.0/8"


def emulators() -> Found[EmulatorType]:
    """Every emulator that is installed."""
    return find_plugins(EMULATORS, EmulatorType, lambda kind: kind.switches)


class PairOfNames(Struct, frozen=True, kw_only=True):
    """Which emulators of a shop and an MIS are meant; "": the only one that is installed."""

    shop: str = ""
    mis: str = ""


def name_pair(command: Command) -> Command:
    """The options ``--shop`` and ``--mis``: parameters of the same names."""
    of_mis = click.option("--mis", default="", help="The emulator of the MIS, where several are installed.")
    of_shop = click.option(
        "--shop", default="", help="The emulator of the shop, where several are installed."
    )
    return of_shop(of_mis(command))


def pair_of(names: PairOfNames) -> tuple[EmulatorType, EmulatorType]:
    """Of a shop and of an MIS. Raises ConfigError if one is not installed, or if several are and none is named."""
    return _emulator_of(Role.STOREFRONT, names.shop, "shop"), _emulator_of(Role.MIS, names.mis, "mis")


def _emulator_of(role: Role, name: str, option: str) -> EmulatorType:
    found = emulators()
    of_role = {one.name: one for one in found.types.values() if one.role is role}
    if name in of_role or (not name and len(of_role) == 1):
        return of_role[name or next(iter(of_role))]
    if of_role:
        text = (
            f"There is no emulator {name} of a {role}."
            if name
            else f"Several emulators of a {role} are installed."
        )
        raise ConfigError(text, field=option, fix=f"Name one with --{option}: {', '.join(of_role)}.")
    raise ConfigError(
        f"No emulator of a {role.value} is installed.",
        fix=" ".join(
            ["Install a plugin with its extra, such as makeready-NAME[emulator].", *map(str, found.broken)]
        ),
    )
