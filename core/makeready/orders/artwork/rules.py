"""Which files of an order the MIS gets, in which way; and what the shop shows otherwise than it was given. Pure."""

from collections.abc import Sequence
from typing import Any

from makeready_hooks.model.order import Artwork, FileRole, FileWay, Order, TakenFile
from msgspec import structs

from makeready.orders.artwork.model import FileRow, FileState, NewFile

HOW = {
    FileWay.LASTING_ADDRESS: "by an address that stays valid, with their order",
    FileWay.ADDRESS: "by an address, with their order",
    FileWay.UPLOAD: "as an upload",
}


def ways_of(role: FileRole, taken: Sequence[TakenFile]) -> tuple[FileWay, ...]:
    return next((one.ways for one in taken if one.role is role), ())


def why_not(role: FileRole, ways: Sequence[FileWay]) -> str:
    """Why a file stays behind. ``ways``: in which the MIS takes those of its role."""
    files = role if role is FileRole.ARTWORK else f"{role}s"
    only = f" other than {' or '.join(HOW[one] for one in ways)}" if ways else ""
    return f"The MIS takes no {files} from here{only}. Give it the file by hand if it needs it."


def plan_files(order: Order, taken: Sequence[TakenFile]) -> tuple[NewFile, ...]:
    """Of each file of an order, how the MIS gets it, or why not."""
    return tuple(_planned(line.number, file, taken) for line in order.lines for file in line.files)


def _planned(line: int, file: Artwork, taken: Sequence[TakenFile]) -> NewFile:
    ways, all_ways = ways_of(file.role, taken), list(FileWay)
    good_for = all_ways[all_ways.index(file.way) :]
    way = next((one for one in ways if one in good_for), None)
    if way is None:
        return _new(file, line, FileState.NOT_TAKEN, error=why_not(file.role, ways))
    state = FileState.LATE if way is FileWay.UPLOAD else FileState.SENT
    return _new(structs.replace(file, way=way), line, state)


def _new(file: Artwork, line: int, state: FileState, **more: Any) -> NewFile:
    return NewFile(**structs.asdict(file), line=line, state=state, **more)


def with_files(order: Order, plan: Sequence[NewFile]) -> Order:
    """The order with the files that go with it."""
    lines = []
    for line in order.lines:
        sent = (one for one in plan if one.line == line.number and one.state is FileState.SENT)
        lines.append(structs.replace(line, files=tuple(one.artwork for one in sent)))
    return structs.replace(order, lines=tuple(lines))


def compare_files(
    line: int, rows: Sequence[FileRow], shown: Sequence[Artwork]
) -> tuple[list[NewFile], list[tuple[FileRow, FileState]]]:
    """What is new of a line, each with the file whose place it takes; and what becomes of files that the shop shows no more.

    A file takes the place of one of its role with its name; of the only one, if it is the only new one. Where the shop
    shows none at all nothing is gone: an account may not tell them.
    """
    here = [row for row in rows if row.line == line and row.state is not FileState.REPLACED]
    new = [file for file in shown if not any(_is_same(row, file) for row in here)]
    gone = [row for row in here if shown and not any(_is_same(row, file) for file in shown)]
    succeeded = {row.replaces for row in here if row not in gone}
    left = [row for row in gone if row.held and row.id not in succeeded]
    found = []
    for file in new:
        of_role = [row for row in left if row.role is file.role]
        only = len(of_role) == sum(one.role is file.role for one in new) == 1
        old = next((row for row in of_role if only or row.file_name == file.file_name), None)
        if old:
            left.remove(old)
        late = structs.replace(file, way=FileWay.UPLOAD)
        found.append(_new(late, line, FileState.LATE, replaces=old.id if old else 0))
    given_up = (FileState.LATE, FileState.FAILED)
    over = [(row, FileState.REPLACED) for row in gone if row.state in given_up and not row.held]
    over += [(row, FileState.WITHDRAWN) for row in left if row.state is not FileState.WITHDRAWN]
    again = [row for row in here if row not in gone and row.state is FileState.WITHDRAWN and shown]
    return found, [*over, *((row, FileState.SENT if row.went else FileState.ATTACHED) for row in again)]


def _is_same(row: FileRow, file: Artwork) -> bool:
    return row.url == file.url and ("" in (row.sha256, file.sha256) or row.sha256 == file.sha256)


def held_now(row: FileRow, rows: Sequence[FileRow]) -> FileRow | None:
    """The file in the MIS whose place this one is to take."""
    later = (one for one in rows if one.state is FileState.ATTACHED and one.replaces == row.replaces)
    old = (one for one in rows if one.id == row.replaces)
    return next(later, next(old, None)) if row.replaces else None
