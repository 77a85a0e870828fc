"""Files of products that people bring: a list, or CSV with commas, semicolons or tabs. Pure functions."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from makeready.web.csv_text import as_meant
from makeready_hooks.errors import ConfigError
from msgspec import Struct

MAX_ROWS = 100_000
PRODUCT, SHOP_PRODUCT = "product", "shop product"
HEADINGS = {
    PRODUCT: (
        "mis product id or code",
        "mis product id",
        "mis product",
        "product id",
        "product",
        "id",
        "code",
    ),
    SHOP_PRODUCT: ("shop product id or part number", "shop product id", "shop product", "part number"),
}
"""What a column may be called, whatever its case; ``_`` and ``-`` are spaces."""


class Row(Struct, frozen=True, kw_only=True):
    """A product that a person named."""

    product: str
    """Id or code in the MIS."""
    shop_product: str = ""
    """Id or part number in the shop; only where an existing product is linked."""
    line: int = 0
    """Of the file, from 1; 0 for one that comes from no file."""


class RowError(Struct, frozen=True, kw_only=True):
    """Why nothing is done for a row."""

    row: Row
    problem: str

    def __str__(self) -> str:
        where = f"Line {self.row.line}: " if self.row.line else ""
        return f"{where}{self.problem}"


class Rows(Struct, frozen=True, kw_only=True):
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...] = ()


def read_products(content: bytes) -> Rows:
    """One product a line, or a table with a column of products.

    Raises ConfigError for a file that is neither.
    """
    lines = _lines(content)
    first = next((line for line in lines if line.strip()), "")
    if _known(first) is None and len(_cells(first)) == 1:
        found = ((number, _alone(line)) for number, line in enumerate(lines, 1))
        return _checked(Row(product=text, line=number) for number, text in found if text)
    return _read(lines, (PRODUCT,))


def read_pairs(content: bytes) -> Rows:
    """A table with a column of shop products and one of the MIS's products.

    Raises ConfigError for a file without these columns.
    """
    return _read(_lines(content), (SHOP_PRODUCT, PRODUCT))


def _lines(content: bytes) -> list[str]:
    """As UTF-8, with or without the mark that spreadsheets put before it. Lines keep their ends."""
    try:
        return io.StringIO(content.decode("utf-8-sig"), newline="").readlines()
    except UnicodeDecodeError as exc:
        line = content[: exc.start].count(b"\n") + 1
        raise ConfigError(
            f"Line {line} is not UTF-8 text.", field="file", fix="Save it as CSV UTF-8 in your spreadsheet."
        ) from None


def _alone(line: str) -> str:
    """A cell that fills its line: in quotes, as spreadsheets write it, or as it is."""
    text = line.strip()
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"') if quoted else text


def _read(lines: Sequence[str], wanted: Sequence[str]) -> Rows:
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    heading = lines[start] if lines else ""
    places = _known(heading) or {}
    if missing := [name for name in wanted if name not in places]:
        shown = ", ".join(_cells(heading)) or "nothing"
        raise ConfigError(
            f"Line {start + 1} has no column {' and no column '.join(missing)}.",
            field="file",
            fix=f"It has: {shown}. Write in the first line: {','.join(HEADINGS[name][0] for name in wanted)}.",
        )
    reader = csv.reader(lines[start + 1 :], delimiter=_delimiter(heading))
    return _checked(_rows(reader, places, start + 1))


def _rows(reader: Iterator[list[str]], places: Mapping[str, int], before: int) -> Iterator[Row]:
    for cells in reader:
        line = before + getattr(reader, "line_num", 0)
        values = {name: as_meant(cells[at].strip()) if at < len(cells) else "" for name, at in places.items()}
        if any(cell.strip() for cell in cells):
            yield Row(product=values[PRODUCT], shop_product=values.get(SHOP_PRODUCT, ""), line=line)


def _checked(rows: Iterator[Row]) -> Rows:
    """Rows that name each product once; the others with their problem. Two ids may differ in case only."""
    good: dict[str, Row] = {}
    errors: list[RowError] = []
    for row in rows:
        if len(good) + len(errors) >= MAX_ROWS:
            raise ConfigError(f"The file has more than {MAX_ROWS} rows.", field="file", fix="Split it.")
        if not row.product:
            errors.append(RowError(row=row, problem="It names no product of the MIS."))
        elif first := good.get(row.product):
            errors.append(RowError(row=row, problem=f"{row.product} is in line {first.line} already."))
        else:
            good[row.product] = row
    return Rows(rows=tuple(good.values()), errors=tuple(errors))


def _known(heading: str) -> dict[str, int] | None:
    """Where the columns that are known stand; None if there is none."""
    names = [
        " ".join(cell.casefold().replace("_", " ").replace("-", " ").split()) for cell in _cells(heading)
    ]
    places = {
        column: names.index(name)
        for column, known in HEADINGS.items()
        for name in known[::-1]
        if name in names
    }
    return places or None


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=_delimiter(line)), [])]


def _delimiter(heading: str) -> str:
    return max(",;\t", key=heading.count)
