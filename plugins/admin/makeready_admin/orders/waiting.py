"""What waits for a person, and saying that it is dealt with."""

from makeready.installation import Installation
from makeready_hooks.errors import Refused

from makeready_admin.orders.store import waiting_of


async def count_waiting(installation: Installation, subscriber: str) -> int:
    """Lines, files and work that wait for a person."""
    return (await installation.store.attention.counts(subscriber)).total


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
