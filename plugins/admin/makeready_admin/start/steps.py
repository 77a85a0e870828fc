"""The steps of a company's set-up, by what its connectors can do, and which of them are done.

Most is seen by what is there. What leaves no trace, such as a snippet that was pasted into the shop, a person says.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from makeready.connectors import Connectors
from makeready.installation import Installation
from makeready.orders.settings import OrderRules
from makeready.subscribers.model import Subscriber
from makeready_hooks import Role, specs
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.asked import CUSTOMERS
from msgspec import Struct

from makeready_admin.products.store import in_shops_of
from makeready_admin.settings.fields import Field, fields_of
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

MARK = "set up: "
"""Begins the name of the checkpoint of a step that a person has done or left out."""


class StepName(StrEnum):
    SHOP = "shop"
    MIS = "mis"
    FLOW = "flow"
    CUSTOMERS = "customers"
    ACCOUNTS = "accounts"
    PRODUCTS = "products"
    PAGES = "pages"
    ORDER = "order"
    ALERTS = "alerts"
    LIVE = "live"


TITLES: Mapping[StepName, str] = {
    StepName.SHOP: marked("Sign in to the shop"),
    StepName.MIS: marked("Sign in to the MIS"),
    StepName.FLOW: marked("What flows"),
    StepName.CUSTOMERS: marked("Customers"),
    StepName.ACCOUNTS: marked("Webhook and pricing engine"),
    StepName.PRODUCTS: marked("Products"),
    StepName.PAGES: marked("Stock on the shop's pages"),
    StepName.ORDER: marked("Test order"),
    StepName.ALERTS: marked("Alerts"),
    StepName.LIVE: marked("Go live"),
}
ROLES = {StepName.SHOP: Role.STOREFRONT, StepName.MIS: Role.MIS}
TO_LEAVE_OUT = frozenset({StepName.CUSTOMERS, StepName.PRODUCTS, StepName.PAGES, StepName.ALERTS})
"""Orders flow without them."""


class Step(Struct, frozen=True, kw_only=True):
    name: StepName
    done: bool

    @property
    def title(self) -> str:
        return _(TITLES[self.name])

    @property
    def may_be_left_out(self) -> bool:
        return self.name in TO_LEAVE_OUT


class SetUp(Struct, frozen=True, kw_only=True):
    steps: Sequence[Step]

    @property
    def done(self) -> int:
        return sum(one.done for one in self.steps)

    @property
    def next(self) -> Step | None:
        """The first that is not done; None if all are."""
        return next((one for one in self.steps if not one.done), None)

    def has(self, name: StepName) -> bool:
        return any(one.name is name for one in self.steps)

    def is_done(self, name: StepName) -> bool:
        return any(one.name is name and one.done for one in self.steps)


async def set_up_of(installation: Installation, subscriber: Subscriber) -> SetUp | None:
    """None once the company is live."""
    if subscriber.environment == "live":
        return None
    store, name = installation.store, subscriber.name
    marks = await store.checkpoints.of(name)
    accepted = bool(await store.lines.last_accepted_at(name, installation.clock()))
    installed = await store.subscribers.installed(name)
    called = bool(await store.inbox.last_received_at(name, installation.clock()))
    roles = {installation.kinds[one].role for one in subscriber.connectors if one in installation.kinds}
    seen = {
        StepName.SHOP: Role.STOREFRONT in roles,
        StepName.MIS: Role.MIS in roles,
        StepName.FLOW: accepted or subscriber.orders.trigger_stage != OrderRules().trigger_stage,
        StepName.CUSTOMERS: accepted,
        StepName.ACCOUNTS: called or (bool(installed) and not any(one.by_hand for one in installed)),
        StepName.PRODUCTS: accepted or await in_shops_of(installation).any_linked(name),
        StepName.ORDER: accepted,
        StepName.ALERTS: subscriber.alerts.tell_anybody,
    }
    wanted = [one for one in StepName if one not in await _not_wanted(installation, subscriber)]
    return SetUp(
        steps=[Step(name=one, done=seen.get(one, False) or MARK + one.value in marks) for one in wanted]
    )


async def _not_wanted(installation: Installation, subscriber: Subscriber) -> set[StepName]:
    """What these connectors have nothing for. All of it is wanted as long as nobody knows."""
    connectors = await connectors_or_none(installation, subscriber)
    if connectors is None or not connectors.names(Role.STOREFRONT) or not connectors.names(Role.MIS):
        return set()
    can = {
        StepName.CUSTOMERS: connectors.any_has(specs.check_orders)
        or bool(customer_fields(installation, subscriber)),
        StepName.ACCOUNTS: connectors.any_has(specs.install) or connectors.any_has(specs.decode_webhook),
        StepName.PRODUCTS: connectors.any_has(specs.search_mis_products),
        StepName.PAGES: connectors.any_has(specs.storefront_snippet),
    }
    return {name for name, wanted in can.items() if not wanted}


async def connectors_or_none(installation: Installation, subscriber: Subscriber) -> Connectors | None:
    try:
        return await installation.connectors(subscriber)
    except ConfigError:
        return None


def customer_fields(installation: Installation, subscriber: Subscriber) -> dict[str, tuple[Field, ...]]:
    """By connector: the settings that decide for which customer of the MIS an order is."""
    known = [name for name in subscriber.connectors if name in installation.kinds]
    found = {
        name: tuple(one for one in fields_of(installation.kind(name).settings) if one.step == CUSTOMERS)
        for name in known
    }
    return {name: fields for name, fields in found.items() if fields}


async def mark_done(installation: Installation, subscriber: Subscriber, name: StepName) -> None:
    """A person says so, or leaves it out."""
    await installation.store.checkpoints.save(subscriber.name, {MARK + name.value: installation.clock()})
