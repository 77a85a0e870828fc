"""Files of orders as Structs, and their states."""

from enum import StrEnum

from makeready_hooks.model.order import Artwork

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


class NewFile(Artwork, frozen=True, kw_only=True):
    """With the way that was chosen for it."""

    line: int
    state: FileState
    error: str = ""
    replaces: int = 0
    """Id of the file in whose place it is to be put; 0 for none."""

    @property
    def artwork(self) -> Artwork:
        return Artwork(**{name: getattr(self, name) for name in Artwork.__struct_fields__})


class FileRow(NewFile, frozen=True, kw_only=True):
    """A file of a submission."""

    subscriber: str
    submission: str
    id: int
    went: bool
    """Its address went with the order."""
    attempts: int
    updated_at: float

    @property
    def held(self) -> bool:
        """The MIS has it, or its address."""
        return self.went or self.state in (FileState.ATTACHED, FileState.WITHDRAWN)
