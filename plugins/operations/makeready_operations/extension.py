"""What it adds to Makeready: operations of the JSON API."""

from collections.abc import Sequence

from makeready.extensions import extension
from makeready.web.api.operation import Operation, operations_in

from makeready_operations import before_start, orders, pauses


@extension
def operations() -> Sequence[Operation]:
    return [one for module in (orders, before_start, pauses) for one in operations_in(module)]
