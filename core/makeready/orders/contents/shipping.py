"""By which carrier and service of the MIS a line goes: the shop's shipping method, by a table in the settings. Pure."""

from collections.abc import Sequence

from makeready_hooks.model.order import OrderLine
from makeready_hooks.names import by_name

from makeready.orders.settings import ShippingChoice, ShippingRules


def shipping_choice(
    rules: ShippingRules, site: str, line: OrderLine, takes_carriers: bool = True
) -> ShippingChoice | None:
    """None for a line without a method. ``takes_carriers``: the MIS has a place for them."""
    if not line.shipping_method:
        return None
    own = by_name(by_name(rules.site_methods, site) or {}, line.shipping_method)
    found = own or by_name(rules.methods, line.shipping_method) or ""
    rule = f"row of {site}" if own else "row of all sites" if found else "no row names it"
    if found and not takes_carriers:
        rule, found = f"{rule} ({found}), but this MIS takes no carriers", ""
    return ShippingChoice(line=line.number, method=line.shipping_method, rule=rule, mis=found)


def why_unshippable(rules: ShippingRules, choice: ShippingChoice | None) -> str:
    """Why a line waits for a person, for people; "" if it does not."""
    if choice is None or choice.mis or rules.unnamed != "wait":
        return ""
    return f"the shipping method {choice.method}: {choice.rule} (settings: shipping)"


def shipping_note(rules: ShippingRules, choices: Sequence[ShippingChoice]) -> str:
    """What the MIS is told of the methods that it decides on, where it is."""
    left = [one for one in choices if not one.mis] if rules.unnamed == "note" else []
    methods = {one.method: [str(each.line) for each in left if each.method == one.method] for one in left}
    return " ".join(f"Shipping method of line {', '.join(of)}: {method}." for method, of in methods.items())
