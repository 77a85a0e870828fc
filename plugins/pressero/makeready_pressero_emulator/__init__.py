"""An emulator of Pressero, made from what is publicly known of it. It shares nothing with the connector."""

from makeready_hooks.capabilities import Role
from makeready_hooks.testing.emulation import EmulatorType

from makeready_pressero_emulator.app import ENDPOINTS, build
from makeready_pressero_emulator.driver import PresseroDriver
from makeready_pressero_emulator.endpoints import emulated_calls
from makeready_pressero_emulator.switches import SWITCHES

EMULATOR = EmulatorType(
    name="pressero",
    title="Pressero",
    role=Role.STOREFRONT,
    switches=SWITCHES,
    calls=emulated_calls(ENDPOINTS),
    build=build,
    driver=PresseroDriver,
)

__all__ = ["EMULATOR"]
