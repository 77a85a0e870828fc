"""Thousands of lives of an order in a minute: virtual time, seeded faults, crashes anywhere.

The real flows, engine, store and connectors run against the vendors' emulators in one process. What
is simulated is what goes wrong: calls that are lost before or after their effect, effects that come
late, and processes that die between any two steps. A seed replays exactly.

Connector authors run it on their own connector: see `makeready_lab.simulation.run.Simulation`.
"""

__all__ = ["Outcome", "Simulation"]
