"""An operation for names that settings are chosen from, as both sides have them now."""

from makeready_hooks import ListKind
from makeready_hooks.model.setup import ListedName
from msgspec import Struct

from makeready.subscribers.setup.options import list_options
from makeready.web.api.operation import ONE, Operation, grouped
from makeready.web.api.requests import Call


class NamesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    of: ListKind


class NamesAnswer(Struct, frozen=True, kw_only=True):
    names: tuple[ListedName, ...]
    trouble: str
    """Why there are none; a setting may hold any name then."""


async def list_names(call: Call) -> NamesAnswer:
    query: NamesQuery = call.query
    found = await list_options(call.installation, call.subscriber, query.of)
    return NamesAnswer(names=found.names, trouble=found.trouble)


NAMING = grouped(
    "Connections",
    Operation(
        name="listNames",
        method="GET",
        path=ONE + "/names",
        summary="Stages, statuses, sites, customers or user groups that a setting can name",
        run=list_names,
        answer=NamesAnswer,
        query=NamesQuery,
        asks_vendors=True,
    ),
)
