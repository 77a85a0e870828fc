"""Which customer of Tharstern's a buyer belongs to: for orders and, by the same rules, for prices. Pure functions."""

from collections.abc import Iterator

from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Buyer, Order
from makeready_hooks.model.submission import Origin
from makeready_hooks.names import by_name
from msgspec import structs

from makeready_tharstern.settings import TharsternSettings


def order_customer(order: Order, settings: TharsternSettings, said: str = "") -> Origin:
    """The code that an order carries, and why. ``said``: by a person, for this order.

    Raises Refused if none can be named, or the buyer's groups disagree.
    """
    if said:
        return Origin(value=said, text=f"The customer code {said} was given for this order by a person.")
    found = _code(order.site, order.buyer, settings, f"Order {order.number}")
    if found.value:
        return found
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
    return _code(site, buyer, settings, "A price").value


def configured_codes(settings: TharsternSettings) -> dict[str, str]:
    """Every code that the settings name, with the setting that does."""
    found = {settings.customer_code.strip(): "customer_code"}
    for setting in ("site_customer_codes", "department_customer_codes", "group_customer_codes"):
        for code in getattr(settings, setting).values():
            found.setdefault(code.strip(), setting)
    return {code: setting for code, setting in found.items() if code}


def _code(site: str, buyer: Buyer, settings: TharsternSettings, what: str) -> Origin:
    """The first code that there is."""
    ways = _ways(site, buyer, settings, what)
    code, setting, words = next((way for way in ways if way[0]), ("", "", ""))
    return Origin(value=code or "", text=f"The customer code {code} is {words}.", setting=setting)


def _ways(
    site: str, buyer: Buyer, settings: TharsternSettings, what: str
) -> Iterator[tuple[str | None, str, str]]:
    """The department's, else the group's, else the site's, else by the rule, else the configured one: each with its
    setting, and what it is.
    """
    of_department = by_name(settings.department_customer_codes, buyer.department)
    yield of_department, "department_customer_codes", "that of the buyer's department"
    yield _group_code(buyer, settings, what), "group_customer_codes", "that of the buyer's user group"
    of_site = by_name(settings.site_customer_codes, site)
    yield of_site, "site_customer_codes", f"that of the site {site}"
    if settings.customer_code_rule == "buyer-id":
        yield buyer.id, "customer_code_rule", "the shop's id of the buyer"
    if settings.customer_code_rule == "buyer-external-id":
        yield (
            buyer.external_id,
            "customer_code_rule",
            "the id that the shop holds of the buyer for other systems",
        )
    yield settings.customer_code, "customer_code", "the configured one"


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
