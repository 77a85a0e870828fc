"""All that an MIS has and is given."""

from makeready_hooks.testing.contracts.contents.lookup import MisLookupContract
from makeready_hooks.testing.contracts.contents.orders import MisOrderContentsContract
from makeready_hooks.testing.contracts.contents.prices import MisPriceContract
from makeready_hooks.testing.contracts.contents.shelf import MisShelfContract


class MisContentsContract(MisOrderContentsContract, MisLookupContract, MisPriceContract, MisShelfContract):
    """Part of `MisContract`."""
