"""Which files the MIS gets, and in which way; what is new of a line, and what is gone: whatever either side shows."""

from hypothesis import given
from hypothesis import strategies as st
from makeready.orders.artwork.model import FileRow, FileState, NewFile
from makeready.orders.artwork.rules import compare_files, plan_files, with_files
from makeready_hooks.model.order import Artwork, FileRole, FileWay, TakenFile
from msgspec import structs
from pretend import line, order

ways = st.lists(st.sampled_from(FileWay), unique=True, min_size=1).map(tuple)
taken_files = st.dictionaries(st.sampled_from(FileRole), ways).map(
    lambda found: tuple(TakenFile(role=role, ways=of_role) for role, of_role in found.items())
)
artworks = st.builds(
    Artwork,
    file_name=st.sampled_from(("card.pdf", "back.pdf", "proof.pdf")),
    url=st.integers(0, 5).map("https://files.example/{}".format),
    role=st.sampled_from(FileRole),
    way=st.sampled_from(FileWay),
)
shown_files = st.lists(artworks, max_size=4, unique_by=lambda one: one.url)
BETTER = {
    FileWay.LASTING_ADDRESS: set(FileWay),
    FileWay.ADDRESS: {FileWay.ADDRESS, FileWay.UPLOAD},
    FileWay.UPLOAD: {FileWay.UPLOAD},
}


def row(number: int, file: Artwork, state: FileState, *, went: bool = False, replaces: int = 0) -> FileRow:
    of = {"subscriber": "a", "submission": "1-1", "attempts": 0, "updated_at": 0.0}
    return FileRow(**structs.asdict(file), **of, id=number, line=1, state=state, went=went, replaces=replaces)


def rows_of(plan: list[NewFile]) -> list[FileRow]:
    return [
        row(number, one.artwork, one.state, went=one.state is FileState.SENT)
        for number, one in enumerate(plan, 1)
    ]


@given(shown_files, taken_files)
def test_no_file_is_lost_and_each_goes_in_a_way_that_both_sides_can(
    files: list[Artwork], taken: tuple[TakenFile, ...]
) -> None:
    given_order = order("6994", line(files=tuple(files)))
    plan = plan_files(given_order, taken)
    assert [one.url for one in plan] == [one.url for one in files]
    can = {one.role: one.ways for one in taken}
    for file, one in zip(files, plan, strict=True):
        possible = [way for way in can.get(file.role, ()) if way in BETTER[file.way]]
        if not possible:
            assert (one.state, bool(one.error)) == (FileState.NOT_TAKEN, True)
        else:
            assert one.way is possible[0]
            assert (one.state is FileState.LATE) == (one.way is FileWay.UPLOAD)
    [sent] = with_files(given_order, plan).lines
    assert [one.url for one in sent.files] == [one.url for one in plan if one.state is FileState.SENT]
    assert [bool(one.error) for one in plan] == [one.state is FileState.NOT_TAKEN for one in plan]


@given(shown_files, shown_files)
def test_what_is_new_is_given_once_and_takes_a_place_that_nothing_else_takes(
    before: list[Artwork], after: list[Artwork]
) -> None:
    everything = tuple(TakenFile(role=role, ways=(FileWay.ADDRESS, FileWay.UPLOAD)) for role in FileRole)
    rows = rows_of(list(plan_files(order("6994", line(files=tuple(before))), everything)))
    new, moved = compare_files(1, rows, after)
    known = {one.url for one in before}
    assert [one.url for one in new] == [one.url for one in after if one.url not in known]
    shown = {one.url for one in after}
    gone = {one.id for one in rows if one.url not in shown} if after else set()
    taken_over = [one.replaces for one in new if one.replaces]
    assert len(set(taken_over)) == len(taken_over)
    told = {one.id for one, _ in moved}
    assert told | set(taken_over) == gone
    assert told.isdisjoint(taken_over) or all(not one.held for one, _ in moved if one.id in taken_over)
    by_id = {one.id: one for one in rows}
    assert all(by_id[one.replaces].role is one.role for one in new if one.replaces)
    assert all(by_id[number].held for number in taken_over)


@given(shown_files)
def test_a_shop_that_shows_the_same_changes_nothing(files: list[Artwork]) -> None:
    rows = rows_of(list(plan_files(order("6994", line(files=tuple(files))), ())))
    assert compare_files(1, rows, files) == ([], [])
    assert compare_files(2, rows, ()) == ([], [])
