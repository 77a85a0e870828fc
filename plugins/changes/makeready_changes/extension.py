"""What reading changes adds to Makeready: its work."""

from collections.abc import Sequence

from makeready.engine.model import WorkType
from makeready.extensions import extension

from makeready_changes.follow import CHANGES_WORK


@extension
def work_types() -> Sequence[WorkType]:
    return (CHANGES_WORK,)
