"""Tables that leave as CSV: harmless in a spreadsheet, and the same when they come back."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from makeready.web.csv_text import DANGEROUS, as_meant, csv_of, harmless

CELLS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["=1+1", "-2", "+44 113", "@SUM(A1)", "\tx", "\r=x", "'quoted", "'=known"]
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_cell_begins_a_formula_and_each_is_still_itself(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_of(rows), newline="")))
    assert [len(row) for row in read if row] == [len(row) for row in rows if row]
    assert not [cell for row in read for cell in row if cell.startswith(DANGEROUS)]


@given(CELLS)
def test_what_comes_back_is_as_it_was(cell: str) -> None:
    assert as_meant(harmless(cell)) == cell
