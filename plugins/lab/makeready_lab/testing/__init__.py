"""Tests that a connector inherits where the core is installed: its orders live, in virtual time.

    class TestAcmeLives(SimulationContract):
        kind, emulator = CONNECTOR, EMULATOR
        product = "2284"

The kit without the core is `makeready_hooks.testing.kit`.
"""

from makeready_lab.testing.contract import SimulationContract

__all__ = ["SimulationContract"]
