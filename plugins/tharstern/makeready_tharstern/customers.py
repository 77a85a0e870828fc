"""Which customer of Tharstern's a buyer belongs to: for orders and, by the same rules, for prices. Pure functions."""

from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Buyer, Order
from makeready_hooks.names import by_name
from msgspec import structs

from makeready_tharstern.settings import TharsternSettings


def order_customer(order: Order, settings: TharsternSettings) -> str:
    """The code that an order carries. Raises Refused if none can be named, or the buyer's groups disagree."""
    if code := _code(order.site, order.buyer, settings, f"Order {order.number}"):
        return code
    raise Refused(
        f"Order {order.number} has no customer code: the rule is {settings.customer_code_rule}, and the order "
        "gives nothing for it.",
        fix="Set customer_code, or another customer_code_rule, in the connector's settings.",
    )


def customer_code(site: str, buyer: Buyer, settings: TharsternSettings) -> str:
    """The code whose prices hold; "" for everybody's. What the shop does not tell of a buyer counts as nothing.

    Raises Refused if the buyer's groups give different codes.
    """
    if buyer.groups is None:
        buyer = structs.replace(buyer, groups=())
    if settings.customer_code_rule == "buyer-id" and not settings.assumptions.buyer_id_prices:
        buyer = structs.replace(buyer, id="")
    return _code(site, buyer, settings, "A price")


def _code(site: str, buyer: Buyer, settings: TharsternSettings, what: str) -> str:
    """The department's, else the group's, else the site's, else by the rule, else the configured one."""
    by_rule = {
        "buyer-id": buyer.id,
        "buyer-external-id": buyer.external_id,
        "fixed": settings.customer_code,
    }
    return (
        by_name(settings.department_customer_codes, buyer.department)
        or _group_code(buyer, settings, what)
        or by_name(settings.site_customer_codes, site)
        or by_rule[settings.customer_code_rule]
        or settings.customer_code
    )


def _group_code(buyer: Buyer, settings: TharsternSettings, what: str) -> str:
    """The code of the buyer's group; "" if none has one.

    Raises Refused if the groups are not known, or give different codes: an invoice would go astray.
    """
    rules = settings.group_customer_codes
    if not rules:
        return ""
    if buyer.groups is None:
        raise Refused(
            f"{what}: the shop did not tell which groups the buyer is in.",
            fix="Let the shop's connector read them, or take group_customer_codes out of the settings.",
        )
    codes = {group: code for group in buyer.groups if (code := by_name(rules, group))}
    if len(set(codes.values())) > 1:
        given = ", ".join(f"{group}: {code}" for group, code in sorted(codes.items()))
        raise Refused(
            f"{what}: the buyer's groups give different customer codes ({given}).",
            fix="Give these groups one code, or the buyer's department a code of its own.",
        )
    return next(iter(codes.values()), "")
