"""Files of orders as Structs, and their states."""

from enum import StrEnum
from typing import Any

from makeready_hooks.model.order import Artwork, FileRole, FileWay
from msgspec import Struct

FILE = "file"
"""Check and attach the files of a submission that was accepted. Key: the submission's."""
LATE_FILES = "late-files"
"""Ask the shop for files that were made or replaced after the order. Key: order number."""


class FileState(StrEnum):
    """The states of a file of an order that was sent."""

    SENT = "sent"
    """Its address went with the order; not looked at yet."""
    NOT_SENT = "not_sent"
    """Its address is kept with an order that the MIS has not taken. Only shown: stored it is as above."""
    NOT_TAKEN = "not_taken"
    """The MIS takes no such files; the error says so."""
    UNCHECKED = "unchecked"
    """Its address went with the order; its host is not one that we look at."""
    CHECKED = "checked"
    """It was there when we looked."""
    LATE = "late"
    """It is to be uploaded: it came after the order, or the MIS takes it in no other way."""
    ATTACHING = "attaching"
    """The upload is about to leave, or nobody knows what came of it yet."""
    ATTACHED = "attached"
    REPLACED = "replaced"
    """The shop shows another in its place; so does the MIS, or it never had this one."""
    WITHDRAWN = "withdrawn"
    """The shop does not show it any more, and the MIS has it; a person looks."""
    IN_DOUBT = "in_doubt"
    """It may have been attached; a person looks."""
    FAILED = "failed"
    """A person gives it to the MIS; the error says why."""


class NewFile(Struct, frozen=True, kw_only=True):
    line: int
    name: str
    url: str
    role: FileRole
    way: FileWay
    """That was chosen for it."""
    size: int | None
    """In bytes, if it is known."""
    content_type: str
    sha256: str
    state: FileState
    error: str = ""
    replaces: int = 0
    """Id of the file in whose place it is to be put; 0 for none."""

    @property
    def artwork(self) -> Artwork:
        facts: Any = {"size": self.size, "media_type": self.content_type, "sha256": self.sha256}
        return Artwork(file_name=self.name, url=self.url, role=self.role, way=self.way, **facts)


class FileRow(NewFile, frozen=True, kw_only=True):
    """A file of a submission."""

    id: int
    went: bool
    """Its address went with the order."""
    attempts: int
    updated_at: float

    @property
    def held(self) -> bool:
        """The MIS has it, or its address."""
        return self.went or self.state in (FileState.ATTACHED, FileState.WITHDRAWN)


class BadFile(Struct, frozen=True, kw_only=True):
    """A file that a person has to look after."""

    subscriber: str
    submission: str
    line: int
    name: str
    url: str
    state: str
    error: str
    updated_at: float
