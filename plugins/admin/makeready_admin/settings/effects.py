"""What a change will do, before it is saved: counted in what stands here now."""

from collections.abc import Collection

from makeready.installation import Installation
from makeready.orders.model import LineState
from makeready.subscribers.changes import Proposal
from makeready.subscribers.model import Subscriber

from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import ngettext


async def effects(installation: Installation, before: Subscriber, proposal: Proposal) -> list[str]:
    """A sentence each."""
    changed = {change.path.split(".", 2)[2] for change in proposal.changes}
    after = proposal.subscriber
    said = []
    if before.environment != after.environment:
        said.append(
            _(
                "Orders go to the live MIS from now on. What was sent as a test stays there, and is set aside here."
            )
            if after.environment == "live"
            else _("Orders go to the test MIS from now on, and no longer to the live one.")
        )
    if _any_of(changed, ("orders.", "environment", "connectors.")):
        states = (LineState.WAITING, LineState.READY)
        if waiting := await installation.store.ledger.count(before.name, states):
            said.append(
                ngettext(
                    "%(num)d order line that waits is judged by it.",
                    "%(num)d order lines that wait are judged by it.",
                    waiting,
                )
                % {"num": waiting}
            )
    if _any_of(
        changed, ("prices.markup", "prices.site_markup", "prices.rounding", "prices.minimum", "stock.")
    ):
        products = (await installation.store.stock.ages(before.name)).products
        if products and _any_of(changed, ("prices.",)):
            said.append(
                ngettext(
                    "%(num)d product in the shop has its new price from the next question on.",
                    "%(num)d products in the shop have their new prices from the next question on.",
                    products,
                )
                % {"num": products}
            )
        elif products:
            said.append(
                ngettext(
                    "It is about %(num)d product in the shop.",
                    "It is about %(num)d products in the shop.",
                    products,
                )
                % {"num": products}
            )
    if _any_of(changed, ("alerts.email_to",)) and after.alerts.email_to:
        said.append(_("Alerts go to %(whom)s.") % {"whom": ", ".join(after.alerts.email_to)})
    return said


def _any_of(changed: Collection[str], beginnings: tuple[str, ...]) -> bool:
    return any(path.startswith(beginnings) for path in changed)
