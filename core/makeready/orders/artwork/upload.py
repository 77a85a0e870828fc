"""A file on its way into the MIS, alone or in the place of another. State first, then the call."""

import hashlib
from typing import NamedTuple

from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.order import AcceptedLine
from msgspec import structs

from makeready.connectors import Connectors
from makeready.contexts import ArtworkContext
from makeready.orders.artwork.model import FileRow, FileState
from makeready.orders.model import Submission
from makeready.outbound.capture import capture_response

CALL_S = 60.0  # as the contract says
LEAVES_WITHIN_S = 5.0
NOT_KNOWN = (
    "It is not known whether the MIS has it{}. Look there, and give it the file by hand if it has not."
)


def with_content(row: FileRow, content: bytes) -> FileRow:
    """Raises RetryLater if it is not what the shop says that it is: it may still be written there."""
    digest = hashlib.sha256(content).hexdigest()
    if row.sha256 not in ("", digest):
        raise RetryLater(f"What lies at the address of {row.name} is not the file that the shop names.")
    return structs.replace(row, size=len(content), sha256=digest)


class Upload(NamedTuple):
    """One attempt."""

    context: ArtworkContext
    connectors: Connectors
    mis: str
    submission: Submission
    row: FileRow
    old: FileRow | None

    @property
    def line(self) -> AcceptedLine:
        return next(one for one in self.submission.accepted.lines if one.number == self.row.line)

    async def left_at(self) -> float | None:
        """When a call left for it that nobody knows the end of, or may have left in a life that this file does not know."""
        if self.row.state is FileState.ATTACHING:
            return self.row.updated_at
        broken_at = await self.context.store.lives.broken_at()
        return await self.context.store.lives.quiet_since() if self.row.updated_at <= broken_at else None

    async def was_done(self) -> bool:
        """Raises OutcomeUnknown if nobody can tell."""
        if self.old is None:
            raise OutcomeUnknown(NOT_KNOWN.format(""))
        ask, old = self.connectors.find_replacement, self.old.artwork
        found = await ask(self.mis, self.submission.accepted, self.line, old, self.row.artwork)
        if found is None:
            raise OutcomeUnknown(NOT_KNOWN.format(f" in the place of {self.old.name}"))
        return found.done

    async def send(self, row: FileRow, content: bytes) -> None:
        """Raises as the hooks. A process that has stood still since the intent was committed lets nothing leave."""
        clock, ticks = self.context.clock, self.context.steady
        wall, steady = row.updated_at, ticks()
        given = (self.mis, self.submission.accepted, self.line)
        with capture_response(lambda: max(clock() - wall, ticks() - steady) > LEAVES_WITHIN_S):
            if self.old:
                await self.connectors.replace_asset(*given, self.old.artwork, row.artwork, content)
            else:
                await self.connectors.attach_asset(*given, row.artwork, content)
