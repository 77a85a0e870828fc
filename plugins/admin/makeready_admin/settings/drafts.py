"""Changing settings in steps that a person can look at, and taking a change back."""

from typing import Any

import msgspec
from makeready.installation import Installation
from makeready.subscribers.changes import Proposal, export, flat, propose, put_setting, save
from makeready.subscribers.model import Subscriber
from makeready.subscribers.secrets import is_sealed
from makeready_hooks.errors import ConfigError, Refused
from msgspec import Struct

PURPOSE = "draft of settings: "
"""Begins what is sealed: another thing that was sealed here is no draft."""


class Draft(Struct, frozen=True, kw_only=True):
    """Settings that somebody is about to save, with the version that they were made from."""

    name: str
    version: int
    """Of the subscriber; 0 for a new one."""
    settings: dict[str, Any]


def seal_draft(installation: Installation, draft: Draft) -> str:
    """As a text that may go out and come back: nobody can read or change it."""
    return installation.vault.seal(PURPOSE + msgspec.json.encode(draft).decode())


def open_draft(installation: Installation, text: str) -> Draft:
    """Raises ConfigError for a text that is not ours, or was sealed for something else."""
    opened = installation.vault.open(text, field="draft") if is_sealed(text) else ""
    if not opened.startswith(PURPOSE):
        raise ConfigError("These settings were not shown here before.", field="draft", fix="Begin again.")
    return msgspec.json.decode(opened.removeprefix(PURPOSE), type=Draft)


async def propose_draft(installation: Installation, draft: Draft) -> Proposal:
    """Raises ConfigError, and Refused if somebody changed the settings meanwhile."""
    proposal = await propose(installation, draft.name, draft.settings)
    if proposal.version != draft.version:
        raise Refused(
            f"The settings of {draft.name} were changed meanwhile.", fix="Look at them, and begin again."
        )
    return proposal


async def save_draft(installation: Installation, draft: Draft, actor: str) -> Proposal:
    """Raises as `propose_draft`; then nothing was changed."""
    proposal = await propose_draft(installation, draft)
    await save(installation, [proposal], actor)
    return proposal


async def undo_draft(installation: Installation, subscriber: Subscriber, number: int) -> Draft:
    """The settings of today, with what one change changed as it was before. Later changes stay.

    Raises ConfigError if there is no such change, or nothing was before it. A secret that was replaced
    is not kept: it stays as it is.
    """
    change = await installation.store.subscribers.change(subscriber.name, number)
    if change is None:
        raise ConfigError(f"There is no change {number}.", field="change", fix="Choose one of the list.")
    if change.before is None:
        raise ConfigError(
            f"With change {number} the subscriber was added: there is nothing before it.", field="change"
        )
    settings = export(installation, subscriber)
    before, after = dict(flat(change.before)), dict(flat(change.after))
    for path in (*(path for path in after if path not in before), *before):
        if before.get(path) != after.get(path):
            put_setting(settings, path, before.get(path))
    return Draft(name=subscriber.name, version=subscriber.version, settings=settings)
