"""An emulator of Tharstern, made from what public clients and help pages show of its API.

It shares no code and no constant with the connector: two independent readings of the same facts.
Sources are cited as S1 to S9; what no source shows is a switch or an assumed name.
"""

from makeready_hooks.capabilities import Role
from makeready_hooks.testing.emulation import EmulatorType

from makeready_tharstern_emulator.api.endpoints import emulated_calls
from makeready_tharstern_emulator.app import build
from makeready_tharstern_emulator.driver import TharsternDriver
from makeready_tharstern_emulator.switches import SWITCHES

EMULATOR = EmulatorType(
    name="tharstern",
    title="Tharstern",
    role=Role.MIS,
    switches=SWITCHES,
    calls=emulated_calls(),
    build=build,
    driver=TharsternDriver,
)
"""The entry under ``makeready.emulators``."""
