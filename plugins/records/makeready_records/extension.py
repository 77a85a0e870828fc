"""What keeping records adds to Makeready: its work."""

from collections.abc import Sequence

from makeready.engine.model import WorkType
from makeready.extensions import extension

from makeready_records.keep import RECORDS_WORK


@extension
def work_types() -> Sequence[WorkType]:
    return (RECORDS_WORK,)
