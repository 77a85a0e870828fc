"""What the server of crashing children does once, before they are forked from it: import, and find what is installed."""

import gc

import crash_child
from makeready.extensions import installed
from makeready.plugins import load_tables

assert crash_child.TYPES
load_tables()
assert installed().work_types
gc.freeze()  # children do not look through these objects, and so do not copy them
