"""Tokens that the API gives out, and which of them still open it."""

from msgspec import Struct

from makeready_pressero_emulator.state.clock import Clock
from makeready_pressero_emulator.state.ids import invented
from makeready_pressero_emulator.switches import Switchboard


class _Given(Struct):
    at: float
    calls: int = 0


class Tokens:
    def __init__(self, clock: Clock, switches: Switchboard, seed: int) -> None:
        self._clock = clock
        self._switches = switches
        self._seed = seed
        self._count = 0
        self._given: dict[str, _Given] = {}

    def give(self) -> str:
        self._count += 1
        token = invented(f"token/{self._seed}/{self._count}")
        self._given[token] = _Given(at=self._clock.monotonic())
        return token

    def opens(self, header: str) -> bool:
        """Whether an Authorization header is good for one more call: ``token <GUID>`` (seen)."""
        scheme, _, token = header.strip().partition(" ")
        if not token and self._switches.on("bare-token"):
            scheme, token = "token", scheme
        if scheme.lower() != "token" or not self.valid(token.strip()):
            return False
        self._given[token.strip().lower()].calls += 1
        return True

    def valid(self, token: str) -> bool:
        given = self._given.get(token.lower())
        if given is None:
            return False
        calls, minutes = self._switches.number("token-calls"), self._switches.number("token-minutes")
        too_many = calls > 0 and given.calls >= calls
        too_old = minutes > 0 and self._clock.monotonic() - given.at >= minutes * 60
        return not (too_many or too_old)

    def clear(self) -> None:
        self._given.clear()
