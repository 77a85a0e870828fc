"""What the server of forked processes does once, before they are forked from it: import, and find what is installed."""

import gc

import crash_child
import rich.table
from makeready.cli import installed_commands
from makeready.extensions import installed
from makeready.plugins import load_tables
from makeready.storage.types import learn_types

for _command in installed_commands().values():
    _command.load()
assert crash_child.TYPES
assert rich.table
load_tables()
assert installed().work_types
learn_types()
gc.freeze()  # children do not look through these objects, and so do not copy them
