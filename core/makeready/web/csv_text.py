"""Tables that leave as CSV and are opened in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""
QUOTE = "'"


def csv_of(rows: Iterable[Sequence[object]]) -> str:
    """The rows with harmless cells: whatever a vendor or a buyer called a thing, it is a text."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """Behind a quote, as a spreadsheet writes a text itself, if it would be taken for a formula. One that stands behind
    quotes already has one more, so that `as_meant` gives back whatever the cell held.
    """
    return QUOTE + cell if _is_formula(cell) else cell


def as_meant(cell: str) -> str:
    """A cell that comes back, without the quote of `harmless`."""
    return cell[1:] if cell.startswith(QUOTE) and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip(QUOTE).startswith(DANGEROUS)
