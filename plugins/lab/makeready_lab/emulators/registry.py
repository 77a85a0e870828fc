"""Emulators that are installed."""

import os

from makeready.outbound.addresses import PRIVATE_NETWORKS
from makeready.plugins import Found, find_plugins
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from makeready_hooks.testing.emulation import EMULATORS, EmulatorType


def allow_this_machine() -> None:
    """This process and those that it starts may call the emulators beside them, as an operator allows a private network."""
    os.environ[PRIVATE_NETWORKS] = f"{os.environ.get(PRIVATE_NETWORKS, '')} 127.0.0.0/8"


def emulators() -> Found[EmulatorType]:
    """Every emulator that is installed."""
    return find_plugins(EMULATORS, EmulatorType, lambda kind: kind.switches)


def emulator_of(role: Role) -> EmulatorType:
    """The first emulator that is installed for a role. Raises ConfigError if there is none."""
    found = emulators()
    for kind in found.types.values():
        if kind.role is role:
            return kind
    raise ConfigError(
        f"No emulator of a {role.value} is installed.",
        fix=" ".join(
            ["Install a plugin with its extra, such as makeready-NAME[emulator].", *map(str, found.broken)]
        ),
    )
