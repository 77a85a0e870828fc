"""What the server of forked processes does once, before they are forked from it: import, and find what is installed."""

import contextlib
import gc

import crash_child
import msgspec
import rich.table
from makeready.cli import installed_commands
from makeready.extensions import installed
from makeready.plugins import load_tables


def know_types(kind: type[msgspec.Struct]) -> None:
    """msgspec learns a type when it is first read, and two threads that begin with the same one crash it."""
    for one in kind.__subclasses__():
        with contextlib.suppress(TypeError, NameError, AttributeError):  # some are never read from JSON
            msgspec.json.Decoder(one)
        know_types(one)


for _command in installed_commands().values():
    _command.load()
assert crash_child.TYPES
assert rich.table
load_tables()
assert installed().work_types
know_types(msgspec.Struct)
gc.freeze()  # children do not look through these objects, and so do not copy them
