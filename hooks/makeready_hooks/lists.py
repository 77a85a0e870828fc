"""Lists of names that a vendor's account has and that settings name: so that a person chooses and does not type.

A setting says in its own description which list its value is from::

    initial_status: Annotated[str, Meta(title="Initial status", extra_json_schema=listed(ListKind.STATUSES))]

and a connector gives the list with the hook ``list_options``.
"""

from enum import StrEnum
from typing import Any

OF_VALUES, OF_NAMES = "x-list", "x-list-of-names"
"""Members of a setting's JSON Schema: the list that values are from, and for a table the one of its names."""


class ListKind(StrEnum):
    SITES = "sites"
    """Domains of the storefronts."""
    STAGES = "stages"
    """Names of the stages of the shop's workflows, as the printer sees them."""
    USER_GROUPS = "user groups"
    """Names of the shop's user groups."""
    STATUSES = "statuses"
    """Names of the statuses that an order passes in the MIS."""
    CUSTOMERS = "customers"
    """Codes of the MIS's customers."""
    SHIPPING_METHODS = "shipping methods"
    """Names of the shop's shipping methods, as `OrderLine.shipping_method` has them."""
    CARRIERS = "carriers and services"
    """Of the MIS, each as `makeready_hooks.model.order.Carriage.text`."""


def listed(values: ListKind | None = None, *, names: ListKind | None = None) -> dict[str, Any]:
    """For ``extra_json_schema`` of a setting: a text, or a table of texts by names, from these lists."""
    of_values = {} if values is None else {OF_VALUES: values.value}
    return of_values if names is None else {**of_values, OF_NAMES: names.value}
