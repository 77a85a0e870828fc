"""Files of order items, from Pressero's details and brand assets. Pure functions.

An item's files lie at public addresses without a signature (seen): they stay valid. What a file is for is not shown.
"""

from collections.abc import Iterable
from typing import Any

from makeready_hooks.errors import RetryLater
from makeready_hooks.model.order import Artwork, FileRole, FileWay
from makeready_hooks.names import by_name

from makeready_pressero.assumptions import Assumptions
from makeready_pressero.wire import text

Row = dict[str, Any]


def files_of(number: str, order_id: str, details: Row, names: Assumptions) -> tuple[Artwork, ...]:
    """As `files_from`. Raises RetryLater if the details, asked for by number, are of another order: a search shows both."""
    if text(details.get("OrderId")) not in ("", order_id):
        raise RetryLater(f"Pressero shows another order under the number {number}.")
    return files_from(details, names)


def files_from(details: Row, names: Assumptions) -> tuple[Artwork, ...]:
    """The files of an item, from its details. None at all where the account does not tell them."""
    found = details.get(names.files_member)
    files = found if isinstance(found, list) else []
    return tuple(
        _file(
            text(one.get(names.file_name)),
            text(one.get(names.file_url)),
            by_name(names.file_roles, text(one.get(names.file_role))) or FileRole.ARTWORK,
        )
        for one in files
        if isinstance(one, dict) and text(one.get(names.file_url))
    )


def assets_from(rows: Iterable[Row], names: Assumptions) -> tuple[Artwork, ...]:
    """Brand assets as files, named like the file they lead to."""
    found = ((text(row.get("Name")), text(row.get("Path"))) for row in rows)
    return tuple(_file(_last_part(path) or name, path, names.asset_role) for name, path in found if path)


def _file(name: str, url: str, role: FileRole) -> Artwork:
    return Artwork(file_name=name or _last_part(url), url=url, role=role, way=FileWay.LASTING_ADDRESS)


def _last_part(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
