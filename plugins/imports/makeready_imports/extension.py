"""What it adds to Makeready: durable work, and operations of the JSON API. Pages and commands call its modules."""

from collections.abc import Sequence

from makeready.engine.model import WorkType
from makeready.extensions import extension
from makeready.web.api.operation import Operation, operations_in

from makeready_imports import api
from makeready_imports.importer import IMPORT_WORK
from makeready_imports.markups.change import MARKUP_WORK


@extension
def work_types() -> Sequence[WorkType]:
    return [IMPORT_WORK, MARKUP_WORK]


@extension
def operations() -> Sequence[Operation]:
    return operations_in(api)
