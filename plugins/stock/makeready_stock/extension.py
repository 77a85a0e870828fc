"""What it adds to Makeready: the work that reads stock. Others call its modules."""

from collections.abc import Sequence

from makeready.engine.model import WorkType
from makeready.extensions import extension

from makeready_stock.sync import STOCK_WORK


@extension
def work_types() -> Sequence[WorkType]:
    return (STOCK_WORK,)
