"""Through which channels people know of a row: names, each ended by a space, in its column ``told``.

Text, since extensions add channels: no number of them is fixed. A row that changes is told of again, so whoever
changes it empties the column.
"""

UNTOLD = "instr(' ' || told, ' ' || ? || ' ') = 0"
"""Not through the channel of this name."""
TELL = "told = told || ? || ' '"
