"""What it adds to Makeready: operations of the JSON API. Pages and commands call its modules."""

from collections.abc import Sequence

from makeready.extensions import extension
from makeready.web.api.operation import Operation, operations_in

from makeready_inspect import api, prices, stock


@extension
def operations() -> Sequence[Operation]:
    return [one for module in (api, prices, stock) for one in operations_in(module)]
