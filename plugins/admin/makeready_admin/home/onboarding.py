"""What is left to do until a company's orders flow by themselves, in the order in which it is done."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready_hooks import Role
from makeready_inspect.alarms import AlertInputs
from msgspec import Struct

from makeready_admin.products.store import in_shops_of


class Step(Struct, frozen=True, kw_only=True):
    title: str
    text: str
    """What to do."""
    done: bool
    page: str
    """Where: one of the company's pages; "server" is the installation's own."""


async def first_steps(
    installation: Installation, subscriber: Subscriber, facts: AlertInputs
) -> Sequence[Step]:
    """All of them, done or not; none once everything is done."""
    store, name = installation.store, subscriber.name
    installed = await store.subscribers.installed(name)
    steps = [
        Step(
            title="The server's public address",
            text="Say at which address shops reach this server.",
            done=bool(await store.subscribers.public_url()),
            page="server",
        ),
        *(_connected(installation, subscriber, role) for role in (Role.STOREFRONT, Role.MIS)),
        Step(
            title="Webhook and prices in the shop",
            text="Set them up in the shop's account; what an account does not allow is told, to be made by hand.",
            done=bool(installed) and not any(one.by_hand for one in installed),
            page="settings",
        ),
        Step(
            title="Products",
            text="Import products of the MIS into a site, or link those that are there already.",
            done=await in_shops_of(installation).any_linked(name),
            page="products",
        ),
        Step(
            title="The first order in the MIS",
            text=f"An approved order goes to the MIS when it reaches the stage {subscriber.orders.trigger_stage}. "
            "Another stage is chosen in the settings, under Orders.",
            done=facts.last_accepted_at > 0,
            page="orders",
        ),
    ]
    return [] if all(step.done for step in steps) else steps


def _connected(installation: Installation, subscriber: Subscriber, role: Role) -> Step:
    side = "shop" if role is Role.STOREFRONT else "MIS"
    kinds = (installation.kinds.get(name) for name in subscriber.connectors)
    return Step(
        title=f"The {side}",
        text=f"Add the {side} with its address and login, then test the connections.",
        done=any(kind is not None and kind.role is role for kind in kinds),
        page="settings",
    )
