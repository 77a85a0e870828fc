"""Files of orders as Structs, and their states."""

from enum import StrEnum

from msgspec import Struct

FILE = "file"
"""Check and attach the files of a submission that was accepted. Key: the submission's."""
LATE_FILES = "late-files"
"""Ask the shop for files that were made after the order. Key: order number."""


class FileRow(Struct, frozen=True, kw_only=True):
    """A file of a submission."""

    line: int
    name: str
    url: str
    state: str
    error: str = ""
    size: int | None = None
    """In bytes, if it is known."""
    content_type: str = ""
    attempts: int = 0


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


class FileState(StrEnum):
    """The states of a file of an order that was sent."""

    SENT = "sent"
    """Its address went with the order; not looked at yet."""
    NOT_SENT = "not_sent"
    """Its address is kept with an order that the MIS has not taken. Only shown: stored it is as above."""
    UNCHECKED = "unchecked"
    """Its address went with the order; its host is not one that we look at."""
    CHECKED = "checked"
    """It was there when we looked."""
    LATE = "late"
    """It came after the order and is to be attached."""
    ATTACHED = "attached"
    IN_DOUBT = "in_doubt"
    """It may have been attached; a person looks."""
    FAILED = "failed"
    """A person gives it to the MIS; the error says why."""
