"""An MIS that exists only in a test and takes an order in two steps: a draft is made, then confirmed."""

from makeready_hooks import Capability, hookimpl
from makeready_hooks.errors import Refused
from makeready_hooks.model.order import AcceptedOrder, BegunOrder, FindResult, MisOrder, PreparedOrder
from pretend_mis import Mis


class DraftMis(Mis):
    """It replaces a draft of other content, or refuses to, as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.can = frozenset({Capability.SUBMIT_IN_STEPS, Capability.FIND_SUBMITTED_ORDER})
        self.drafts: dict[str, PreparedOrder] = {}
        """By our key, and not confirmed yet."""
        self.made: list[PreparedOrder] = []
        self.confirmed: list[PreparedOrder] = []
        """Orders, as what was confirmed."""
        self.confirming: list[Exception] = []
        """Raised by the next confirmations, one each, before anything was done."""
        self.replaces = True

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        self.received.append(prepared)
        if prepared.begun and not prepared.is_of_this and not self.replaces:
            raise Refused(
                f"{prepared.begun.id} is there with other content. Delete it there, then send again."
            )
        if not prepared.is_of_this:
            self.drafts[prepared.key] = prepared
            self.made.append(prepared)
        if self.trouble:
            raise self.trouble.pop(0)
        if self.confirming:
            raise self.confirming.pop(0)
        self.confirmed.append(self.drafts.pop(prepared.key))
        return self._taken(len(self.confirmed))

    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        if draft := self.drafts.get(prepared.key):
            return FindResult(begun=BegunOrder(id=f"D-{draft.attempt}", payload_hash=draft.payload_hash))
        keys = [one.key for one in self.confirmed]
        if prepared.key not in keys:
            return FindResult(certain=True)
        taken = self._taken(keys.index(prepared.key) + 1)
        return FindResult(order=MisOrder(id=taken.id, number=taken.number))

    def _taken(self, number: int) -> AcceptedOrder:
        return AcceptedOrder(id=str(number), number=f"SO-{number}")
