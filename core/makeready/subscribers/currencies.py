"""Which currency each side's amounts are in, as far as anybody says; two of them are never mixed."""

from makeready_hooks import Role
from makeready_hooks.errors import Refused
from makeready_hooks.names import by_name

from makeready.connectors import Connectors
from makeready.subscribers.model import Subscriber


def currency_of(subscriber: Subscriber, connectors: Connectors, connector: str, site: str = "") -> str:
    """ISO 4217; "" if neither the connector nor a setting says. A site's own setting goes before its connector's."""
    given = subscriber.prices.currencies
    of_site = by_name(given, site) if connector in connectors.names(Role.STOREFRONT) else None
    return connectors.currency(connector, site) or of_site or by_name(given, connector) or ""


def unstated(subscriber: Subscriber, connectors: Connectors) -> tuple[str, ...]:
    """The shops and the MIS of which nobody says it for all their amounts."""
    names = (*connectors.names(Role.STOREFRONT), *connectors.names(Role.MIS))
    return tuple(one for one in names if not currency_of(subscriber, connectors, one))


def check_currency(
    subscriber: Subscriber, connectors: Connectors, site: str, mis: str, ordered_in: str = ""
) -> None:
    """``mis``: whose amounts they meet, "" if nothing says; ``ordered_in``: what an order itself says.

    Raises Refused for a mixture.
    """
    shops = (connectors.ids.shop_of(site),) if site else connectors.names(Role.STOREFRONT)
    ours = ordered_in or next(
        filter(None, (currency_of(subscriber, connectors, one, site) for one in shops)), ""
    )
    theirs = currency_of(subscriber, connectors, mis) if mis else ""
    if ours and theirs and ours != theirs:
        raise Refused(
            f"Amounts of {site or 'the shop'} are in {ours}, and those of {mis} are in {theirs}: they are not mixed.",
            fix="Let both use one currency; where a setting of prices says it wrongly, correct it.",
        )
