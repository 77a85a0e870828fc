"""Operations about settings: looked at, compared, applied, taken back; a new subscriber."""

from collections.abc import Awaitable
from functools import partial
from typing import Annotated, Any, TypeVar

import msgspec
from makeready.subscribers.changes import Proposal, export
from makeready.subscribers.model import CommonSettings
from makeready.web.api.answers import answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import number_in, page_of
from makeready_hooks.errors import ConfigError, Refused
from msgspec import Meta, Struct, field

from makeready_admin.settings.drafts import Draft, propose_draft, save_draft, undo_draft

T = TypeVar("T")

SETTINGS = ONE + "/settings"
settings_operation = partial(operation, group="Settings")
SubscriberName = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,39}$")]


class Settings(CommonSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subscriber's settings, as in a settings file. What is left out has its default."""

    connectors: Annotated[
        dict[str, dict[str, Any]],
        Meta(
            description=(
                "By their names; ``test`` and ``live`` hold what only one environment has. listConnectors "
                "tells the settings of each. A secret is given as it is or as "
                "``env:MAKEREADY_SECRET_COMPANY__NAME``; ``(stored)`` keeps the one that is stored, for the "
                "server that it was given for."
            )
        ),
    ] = field(default_factory=dict)


class SettingsBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Annotated[
        int,
        Meta(
            ge=1,
            le=2**53,
            description=(
                "Of the settings that these were made from; if somebody changed them since, nothing is "
                "changed."
            ),
        ),
    ]
    settings: Settings


class NewSubscriberBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: SubscriberName
    settings: Settings


class UndoBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    dry_run: bool = False


class SettingsAnswer(Struct, frozen=True, kw_only=True):
    """Without any secret."""

    name: str
    version: int
    settings: Settings


class DifferenceAnswer(Struct, frozen=True, kw_only=True):
    name: str
    version: Annotated[int, Meta(description="Of the settings as they are after this call.")]
    applied: bool
    changes: Annotated[tuple[str, ...], Meta(description="A line each.")]
    warnings: Annotated[
        tuple[str, ...], Meta(description="What could not be looked at in the shop and the MIS.")
    ]


class ChangeAnswer(Struct, frozen=True, kw_only=True):
    id: int
    at: Moment
    actor: str
    changes: Annotated[tuple[str, ...], Meta(description="A line each.")]


class HistoryAnswer(Struct, frozen=True, kw_only=True):
    changes: Annotated[tuple[ChangeAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


@settings_operation("GET", SETTINGS, summary="The settings, without any secret")
async def show_settings(call: Call) -> SettingsAnswer:
    settings = msgspec.convert(export(call.installation, call.subscriber), Settings)
    return SettingsAnswer(name=call.subscriber.name, version=call.subscriber.version, settings=settings)


@settings_operation("POST", SETTINGS + "/propose", summary="What would change; nothing does", operator=True)
async def propose_settings(call: Call, body: SettingsBody) -> DifferenceAnswer:
    draft = _draft(call, body)
    proposal = await _about(draft.name, propose_draft(call.installation, draft))
    return _difference(proposal, draft.version, applied=False)


@settings_operation(
    "POST",
    SETTINGS + "/apply",
    summary="Put settings in the place of those that are there: all of them or, if anything is wrong, none",
    action="settings save",
    operator=True,
    takes_secrets=True,
)
async def apply_settings(call: Call, body: SettingsBody) -> DifferenceAnswer:
    return await _save(call, _draft(call, body))


@settings_operation(
    "POST",
    "/subscribers",
    summary="Add a subscriber",
    action="subscriber add",
    operator=True,
    takes_secrets=True,
)
async def add_subscriber(call: Call, body: NewSubscriberBody) -> DifferenceAnswer:
    if await call.installation.store.subscribers.get(body.name):
        raise ConfigError(
            f"There is a subscriber {body.name} already.", field="name", fix="Choose another name."
        )
    return await _save(call, Draft(name=body.name, version=0, settings=msgspec.to_builtins(body.settings)))


def _draft(call: Call, body: SettingsBody) -> Draft:
    settings = msgspec.to_builtins(body.settings)
    return Draft(name=call.subscriber.name, version=body.version, settings=settings)


async def _save(call: Call, draft: Draft) -> DifferenceAnswer:
    proposal = await _about(draft.name, save_draft(call.installation, draft, call.token.name))
    return _difference(proposal, draft.version, applied=True)


async def _about(name: str, work: Awaitable[T]) -> T:
    """What is wrong with settings is wrong with the body of this call."""
    try:
        return await work
    except ConfigError as exc:
        setting = exc.field.removeprefix(f"subscribers.{name}").lstrip(".")
        raise ConfigError(exc.message, field=f"settings.{setting}".rstrip("."), fix=exc.fix) from None


def _difference(proposal: Proposal, version: int, *, applied: bool) -> DifferenceAnswer:
    return DifferenceAnswer(
        name=proposal.subscriber.name,
        version=version + 1 if applied and proposal.changes else version,
        applied=applied,
        changes=tuple(map(str, proposal.changes)),
        warnings=proposal.warnings,
    )


@settings_operation("GET", SETTINGS + "/history", summary="Who changed what, when")
async def show_settings_history(call: Call, query: PageQuery) -> HistoryAnswer:
    before, more = number_in(query.cursor), query.limit + 1
    found = await call.installation.store.subscribers.changes(call.subscriber.name, more, before=before)
    page, cursor = page_of(found, query.limit, lambda one: one.id)
    return HistoryAnswer(changes=answers_from(ChangeAnswer, page), next_cursor=cursor)


@settings_operation(
    "POST",
    SETTINGS + "/history/{change}/undo",
    summary="Take one change back; later ones stay",
    action="settings undo",
    operator=True,
)
async def undo_settings(call: Call, body: UndoBody) -> DifferenceAnswer:
    draft = await undo_draft(call.installation, call.subscriber, call.whole_number("change"))
    try:
        if not body.dry_run:
            return await _save(call, draft)
        proposal = await propose_draft(call.installation, draft)
    except ConfigError as exc:  # what was right then is not now: nothing in this call is to be corrected
        raise Refused(exc.message, fix=exc.fix) from None
    return _difference(proposal, draft.version, applied=False)
