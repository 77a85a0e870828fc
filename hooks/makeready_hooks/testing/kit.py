"""The contract kit: tests that every connector inherits, and what they stand on (extra ``testing``).

A connector's own tests say which connector it is, and how to make its vendor misbehave::

    class TestAcme(MisContract):
        kind = CONNECTOR
        known, unknown, refusal = "2284", "999999", "There is no product 999999."

        @pytest.fixture
        async def vendor(self):
            async with emulating(EMULATOR) as vendor:
                yield vendor

Each test is one sentence of the contract. They need no core and no network: the emulator runs in the
same process, behind `AsgiHttp`.
"""

from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor, emulating
from makeready_hooks.testing.contracts.mis import MisContract
from makeready_hooks.testing.contracts.storefront import StorefrontContract
from makeready_hooks.testing.http import AsgiHttp
from makeready_hooks.testing.orders import an_order, an_order_line

__all__ = [
    "AsgiHttp",
    "ConnectorContract",
    "MisContract",
    "StorefrontContract",
    "Vendor",
    "an_order",
    "an_order_line",
    "emulating",
]
