"""An operation for names that settings are chosen from, as both sides have them now."""

from typing import Annotated

from makeready_hooks import ListKind
from makeready_hooks.model.setup import Option
from msgspec import Meta, Struct

from makeready.subscribers.setup.options import list_options
from makeready.web.api.answers import answer_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call


class NamesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    of: ListKind


class NamesAnswer(Struct, frozen=True, kw_only=True):
    names: tuple[Option, ...]
    trouble: Annotated[str, Meta(description="Why there are none; a setting may hold any name then.")]


@operation(
    "GET",
    ONE + "/names",
    group="Connections",
    summary="Stages, statuses, sites, customers or user groups that a setting can name",
    asks_vendors=True,
)
async def list_names(call: Call, query: NamesQuery) -> NamesAnswer:
    found = await list_options(call.installation, call.subscriber, query.of)
    return answer_from(NamesAnswer, found)
