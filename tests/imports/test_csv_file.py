"""Files that people bring: spreadsheets of every kind, and what is wrong in them, line by line."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from makeready.web.csv_text import harmless
from makeready_hooks.errors import ConfigError
from makeready_imports.csv_file import Row, read_pairs, read_products

cells = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
pairs = st.lists(st.tuples(cells, cells), min_size=1, max_size=20, unique_by=lambda pair: pair[1].casefold())


files = (st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig"]), st.sampled_from(["\n", "\r\n"]))
PLAIN = (",", "utf-8", "\n")


@given(pairs, *files)
@example([("'=", "'='"), ("=1+1", "''-2")], *PLAIN)
def test_whatever_a_spreadsheet_writes_is_read_back(rows, delimiter: str, encoding: str, end: str) -> None:
    """Of our own file, whatever its cells hold."""
    written = [tuple(map(harmless, row)) for row in rows]
    assert_read_back(written, rows, delimiter, encoding, end)


@given(pairs, *files)
@example([("=1+1", "-2")], *PLAIN)
def test_a_file_of_somebody_else_s_is_read_as_it_is(rows, delimiter: str, encoding: str, end: str) -> None:
    """Only a quote before a formula is taken for ours."""
    written = [tuple(cell.lstrip("'") or "x" for cell in row) for row in rows]
    unique = list({product: (shop_product, product) for shop_product, product in written}.values())
    assert_read_back(unique, unique, delimiter, encoding, end)


def assert_read_back(written, rows, delimiter: str, encoding: str, end: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerows([("Shop product id or part number", "MIS_product_id or code"), *written])
    read = read_pairs(text.getvalue().encode(encoding))
    assert [(row.shop_product, row.product) for row in read.rows] == rows
    assert [row.line for row in read.rows] == list(range(2, len(rows) + 2))
    assert read.errors == ()


@given(st.binary(max_size=200))
def test_anything_else_is_rows_or_a_clear_error(content: bytes) -> None:
    for read in (read_products, read_pairs):
        try:
            found = read(content)
        except ConfigError as exc:
            assert "Line " in str(exc)
        else:
            assert all(row.product and row.line for row in found.rows)


def test_a_plain_list_needs_no_heading() -> None:
    read = read_products(b"\xef\xbb\xbf2284\r\n\r\n TOTE-NVY \n2284\n")
    assert read.rows == (Row(product="2284", line=1), Row(product="TOTE-NVY", line=3))
    assert [str(error) for error in read.errors] == ["Line 4: 2284 is in line 1 already."]


@pytest.mark.parametrize("heading", ["id", "Code", "MIS product id or code", "product_id", "name;CODE;price"])
def test_a_column_may_have_one_of_several_names(heading: str) -> None:
    line = "x;2284;y" if ";" in heading else "2284"
    assert [row.product for row in read_products(f"{heading}\n{line}\n".encode()).rows] == ["2284"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"name,price\nKit,20\n", "no column product. It has: name, price."),
        (b"", "Line 1 has no column shop product and no column product. It has: nothing."),
        (b"part number;price\nA;1\n", "has no column product."),
        (b"id\n1\n\xff\n", "Line 3 is not UTF-8 text. Save it as CSV UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_columns_that_it_needs(content: bytes, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        (read_pairs if b"part" in content or not content else read_products)(content)
    assert text in str(caught.value)


def test_rows_that_lack_something_are_told_with_their_lines() -> None:
    content = 'part number;code\nA;1\n;\n"B\nC";2\nD\nE;1\n'
    read = read_pairs(content.encode())
    assert [(row.shop_product, row.product, row.line) for row in read.rows] == [
        ("A", "1", 2),
        ("B\nC", "2", 5),
    ]
    assert [str(error) for error in read.errors] == [
        "Line 6: It names no product of the MIS.",
        "Line 7: 1 is in line 2 already.",
    ]
