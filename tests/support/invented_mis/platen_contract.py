"""The contract's tests of Platen's connector, to be inherited."""

from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from makeready_hooks.testing.kit import MisContract, Vendor, emulating
from platen_connector import CONNECTOR
from platen_emulator import EMULATOR


class PlatenContract(MisContract):
    kind = CONNECTOR
    known, unknown, refusal = "KIT/22-84", "NO/SUCH-1", "There is no item NO/SUCH-1."
    statuses = ("press", "sent")
    tells_parts = True
    no_place_for: ClassVar[dict[str, str]] = {
        "bill_to": "Platen has an address of each customer's own",
        "shipping": "Platen works it out by itself",
        "line.tax": "Platen works it out by itself",
        "line.required_on": "an order is due on one day",
        "line.notes": "only an order has a note",
    }

    @pytest.fixture
    async def vendor(self) -> AsyncIterator[Vendor]:
        async with emulating(EMULATOR) as vendor:
            yield vendor
