"""By which carrier and service of the MIS a line goes: the shop's shipping method, by a table in the settings. Pure."""

from collections.abc import Iterable

from makeready_hooks.model.order import OrderLine
from makeready_hooks.names import by_name

from makeready.orders.settings import ShippingChoice, ShippingRules


def shipping_choices(
    rules: ShippingRules, site: str, lines: Iterable[OrderLine], takes_carriers: bool = True
) -> tuple[ShippingChoice, ...]:
    """Of the lines that have a method. ``takes_carriers``: the MIS has a place for them."""
    rows, found = by_name(rules.site_methods, site) or {}, []
    for line in lines:
        method = line.shipping_method
        own = by_name(rows, method)
        mis = own or by_name(rules.methods, method) or ""
        rule = f"row of {site}" if own else "row of all sites" if mis else "no row names it"
        if mis and not takes_carriers:
            rule, mis = f"{rule} ({mis}), but this MIS takes no carriers", ""
        if method:
            found.append(ShippingChoice(line=line.number, method=method, rule=rule, mis=mis))
    return tuple(found)


def why_unshippable(rules: ShippingRules, choices: Iterable[ShippingChoice]) -> list[str]:
    """Of those that wait for a person, for people."""
    left = [one for one in choices if not one.mis and rules.other_methods == "wait"]
    return [f"the shipping method {one.method}: {one.rule} (settings: shipping)" for one in left]


def shipping_note(rules: ShippingRules, choices: Iterable[ShippingChoice]) -> str:
    """What the MIS is told of the methods that it decides on, where it is."""
    left = [one for one in choices if not one.mis and rules.other_methods == "note"]
    return " ".join(f"Shipping method of line {one.line}: {one.method}." for one in left)
