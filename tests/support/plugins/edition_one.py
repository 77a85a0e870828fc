"""A connector as it was written for the first edition of the contract. It stays as it is: the core is held against it."""

from makeready_hooks import Capability, ConnectorContext, ConnectorType, Role, hookimpl
from makeready_hooks.model.order import Order
from makeready_hooks.model.setup import Check
from makeready_hooks.model.submission import AcceptedOrder, FindResult, OrderRequest, PreparedOrder
from msgspec import Struct


class Settings(Struct, frozen=True, kw_only=True):
    user: str
    password: str


class FirstMis:
    def __init__(self, settings: Settings, context: ConnectorContext) -> None:
        self.taken: list[str] = []

    @hookimpl
    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.FIND_SUBMITTED_ORDER})

    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        return (Check(name="login", ok=True, message="It answers."),)

    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        return PreparedOrder(key=request.key, payload=request.key.encode())

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        self.taken.append(prepared.key)
        return AcceptedOrder(id=prepared.key, number=f"FIRST-{len(self.taken)}")

    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        return FindResult(certain=False)

    @hookimpl
    async def cancel_mis_order(self, accepted: AcceptedOrder) -> str:
        return "cancelled"


class FirstListener:
    def __init__(self, settings: Settings, context: ConnectorContext) -> None:
        pass

    @hookimpl
    async def order_accepted(self, order: Order, accepted: AcceptedOrder) -> None:
        raise AssertionError("it was told in the words of another edition")


FIRST_MIS = ConnectorType(name="mis", title="First", role=Role.MIS, settings=Settings, build=FirstMis)
FIRST_LISTENER = ConnectorType(
    name="listener", title="Listener", role=Role.OBSERVER, settings=Settings, build=FirstListener
)
