"""What an MIS gets of an order, and what it made of it. Money as in `makeready_hooks.model.order`."""

import hashlib
from datetime import date
from decimal import Decimal

from msgspec import Struct

from makeready_hooks.model.order import Carriage, Order, Party
from makeready_hooks.model.product import Count


class ResolvedId(Struct, frozen=True, kw_only=True):
    """Something of an order under the MIS's own id. It is kept with the submission."""

    kind: str
    """What it is, as people call it: ``customer``, ``address``, ``carrier``."""
    id: str
    """The MIS's."""
    text: str
    """By which rule it was found or made, for people: *found by the e-mail address ada@…*."""


class OrderRequest(Struct, frozen=True, kw_only=True):
    """What the core asks an MIS connector to map: these lines, as one MIS order.

    A kit's parts are lines here, of the same number.
    """

    key: str
    """Idempotency key, the same over all attempts: ``6994-1``."""
    order: Order
    """With the lines to be sent, and no others."""
    product_ids: tuple[str, ...]
    """The MIS's product id of each line, in the lines' order."""
    estimates: tuple[str, ...] = ()
    """The MIS's estimate that each line was priced by, in the lines' order, "" for none. Empty: there is none."""
    resolved: tuple[ResolvedId, ...] = ()
    """As `makeready_hooks.specs.resolve_ids` answered; without what is not there yet, where nothing is made for it."""
    customer: str = ""
    """The code of the customer in the MIS that a person has said for this order alone, before any rule of the connector;
    empty: by its rule."""
    note: str = ""
    """What people at the MIS have to know of this order, besides its members. A connector whose MIS has no place for
    it raises Refused."""

    @property
    def consignments(self) -> tuple["Consignment", ...]:
        """What goes to one address in one way goes together, in the lines' order; a discount goes nowhere."""
        rows: dict[tuple[Party, Carriage | None], list[int]] = {}
        for row, line in enumerate(self.order.lines):
            if line.net is None or line.net >= 0:
                rows.setdefault((line.ship_to, line.carriage), []).append(row)
        return tuple(
            Consignment(ship_to=to, carriage=by, rows=tuple(some)) for (to, by), some in rows.items()
        )


class Consignment(Struct, frozen=True, kw_only=True):
    """Lines of an order that go together, each with its whole quantity."""

    ship_to: Party
    carriage: Carriage | None = None
    """Of all of them; None: the MIS decides."""
    rows: tuple[int, ...]
    """Places in the lines of the `OrderRequest`, from 0."""


class MisLine(Struct, frozen=True, kw_only=True):
    """A line of an order in the MIS."""

    product_id: str
    """The MIS's; empty if it is not told."""
    quantity: Count
    """An order that was not sent by us may have parts of one."""


class OrderContents(Struct, frozen=True, kw_only=True):
    """What an order in the MIS is about, to be compared. Empty or None: not told."""

    customer: str = ""
    """Its code in the MIS."""
    customer_name: str = ""
    """Of whom it is invoiced to."""
    required_on: date | None = None
    """The first day on which something of it is to be there."""
    lines: tuple[MisLine, ...] | None = None
    """All of them; None if the MIS shows none."""
    total: Decimal | None = None
    """Of the lines, without tax."""
    shipping: Decimal | None = None
    """Without tax."""
    tax: Decimal | None = None
    """Of the lines and of the shipping."""


class Origin(Struct, frozen=True, kw_only=True):
    """Where something in a submission comes from, for the person who reads that the MIS refuses it."""

    value: str
    """As it would stand in the MIS's words."""
    text: str
    """*The customer code 87cd is the shop's id of the buyer.*"""
    setting: str = ""
    """Of the connector, that says so: ``customer_code_rule``."""


class BegunOrder(Struct, frozen=True, kw_only=True):
    """What an MIS that takes an order in several steps has of one whose last step was not done, such as a draft. It is no
    order yet."""

    id: str
    """The MIS's."""
    payload_hash: str = ""
    """`PreparedOrder.payload_hash` of what it was made from; empty if the MIS does not show it."""


class PreparedOrder(Struct, frozen=True, kw_only=True):
    """A submission, ready to leave. It is stored, with its hash, before it does."""

    key: str
    """Of its `OrderRequest`: the MIS keeps it, and an order is found by it."""
    payload: bytes
    """What is sent, as the connector made it. Nobody else reads it."""
    attempt: int = 1
    """Which attempt under this key it is, as the core counts. Earlier ones may have been of other content."""
    begun: BegunOrder | None = None
    """What was found of an earlier attempt, None for nothing. It is gone on with only if it `is_of_this`."""
    contents: OrderContents = OrderContents()
    """What the payload says, to be compared with an order that the MIS has under this key."""
    origins: tuple[Origin, ...] = ()
    """Of what an MIS may refuse. A refusal that names such a value tells where it comes from."""
    deadline_s: float = 60.0
    """How long `submit_order` may last, with all its calls. Until this and a margin are over, an order that is not found in
    the MIS may still appear there."""

    @property
    def payload_hash(self) -> str:
        """A digest of its content: an MIS that keeps it with what was begun tells a stale draft from this one."""
        return hashlib.sha256(self.payload).hexdigest()

    @property
    def is_of_this(self) -> bool:
        """Whether what was begun has this very content, so that the next step may be done on it."""
        return self.begun is not None and self.begun.payload_hash == self.payload_hash


class AcceptedLine(Struct, frozen=True, kw_only=True):
    """A line of the shop's order in the MIS."""

    number: int
    """Of the shop's item."""
    id: str = ""
    """The MIS's own of the line; empty if it did not say. Of a kit, of its first part."""


class AcceptedOrder(Struct, frozen=True, kw_only=True):
    """What the MIS made of it."""

    id: str
    """Never "0": an MIS that answers with a zero has refused."""
    number: str = ""
    """The number that people use; empty if the MIS did not say."""
    lines: tuple[AcceptedLine, ...] = ()
    """Its lines, as far as the MIS says which is which; all that were sent, for a hook that is given one of them."""

    @property
    def label(self) -> str:
        return self.number or self.id


class MisOrder(AcceptedOrder, frozen=True, kw_only=True):
    """An order as the MIS shows it, as far as it does."""

    key: str = ""
    """Ours, if it was sent by us; empty if the MIS does not show it."""
    status: str = ""
    """In the MIS's words; empty if it does not say."""
    contents: OrderContents = OrderContents()


class FindResult(Struct, frozen=True, kw_only=True):
    """The answer to: is there an order with our key? Exactly one of four."""

    order: MisOrder | None = None
    """It is there; None: it is not, as far as is known."""
    begun: BegunOrder | None = None
    """It is there, but unfinished: steps are left to be done. None: nothing is begun."""
    certain: bool = False
    """With neither: True for *not there*, False for *this MIS cannot tell*."""
    others: tuple[MisOrder, ...] = ()
    """Further orders with the same key: there should be none."""


class FoundChange(Struct, frozen=True, kw_only=True):
    """The answer to: is an order in the MIS changed, or cancelled, as it was asked for?"""

    done: bool
    """False: it certainly is not."""
    words: str = ""
    """What the MIS says of it, in its words; empty if it does not."""
