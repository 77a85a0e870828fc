"""Keeps the state in one JSON file. A kill loses at most the last tenth of a second."""

import asyncio
from pathlib import Path

import msgspec

from makeready_pressero_emulator.state.records import Shop

DELAY_S = 0.1


class StateFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._timer: asyncio.TimerHandle | None = None

    def load(self) -> Shop | None:
        if not self._path.exists():
            return None
        return msgspec.json.decode(self._path.read_bytes(), type=Shop)

    def save_soon(self, shop: Shop) -> None:
        """Many changes in a row are one write."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY_S, self.save_now, shop)

    def save_now(self, shop: Shop) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        beside = self._path.with_suffix(self._path.suffix + ".new")
        beside.write_bytes(msgspec.json.encode(shop))
        beside.replace(self._path)
