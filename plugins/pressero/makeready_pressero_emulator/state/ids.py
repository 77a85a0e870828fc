"""GUIDs that are the same for the same seed, also when the state was kept over a restart."""

import hashlib
import uuid

from makeready_pressero_emulator.state.records import Shop


class Ids:
    def __init__(self, seed: int, shop: Shop) -> None:
        self._seed = seed
        self._shop = shop

    def new(self) -> str:
        self._shop.ids_given += 1
        return invented(f"{self._seed}/{self._shop.ids_given}")


def invented(name: str) -> str:
    """The GUID of a name: for what a scenario gives no id."""
    digest = hashlib.sha256(f"pressero emulator/{name}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))
