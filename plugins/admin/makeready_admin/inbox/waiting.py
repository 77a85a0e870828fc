"""What waits for a person, and saying that it is dealt with."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready_hooks.errors import Refused

from makeready_admin.inbox.marks import marks_of
from makeready_admin.inbox.store import waiting_of


async def count_waiting(installation: Installation, subscriber: str) -> int:
    """Lines, files and work that wait for a person, without what people let rest."""
    total = (await installation.store.attention.counts(subscriber)).total
    return (
        total - await marks_of(installation.store).count_resting(subscriber, installation.clock())
        if total
        else 0
    )


async def line_dealt_with(installation: Installation, subscriber: str, number: str, line: int) -> None:
    """A person knows what changed in the shop after it was sent. Raises Refused if nothing waits for it."""
    if not await waiting_of(installation.store).line_seen(subscriber, number, line):
        raise Refused(f"Nothing about {number}-{line} waits for a person.")


async def file_dealt_with(
    installation: Installation, subscriber: str, submission: str, line: int, url: str
) -> None:
    """The MIS has the file, or does not need it. Raises Refused if it does not wait for a person."""
    if not await waiting_of(installation.store).file_seen(subscriber, submission, line, url):
        raise Refused(f"No such file of {submission} waits for a person.")


async def snooze(
    installation: Installation, subscriber: str, keys: Sequence[str], until: float, actor: str
) -> None:
    """Let submissions rest; what happens to one of them ends it. ``until``: 0 ends it at once."""
    await marks_of(installation.store).snooze(subscriber, keys, until, actor, installation.clock())


async def assign(
    installation: Installation, subscriber: str, keys: Sequence[str], person: str, actor: str
) -> None:
    """``person``: who sees to it; empty for nobody in particular."""
    await marks_of(installation.store).assign(subscriber, keys, person, actor, installation.clock())


async def note(
    installation: Installation, subscriber: str, keys: Sequence[str], text: str, actor: str
) -> None:
    await marks_of(installation.store).note(subscriber, keys, text, actor, installation.clock())
