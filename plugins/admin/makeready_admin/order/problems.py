"""What is wrong with an order, and what a person can do about it."""

from collections.abc import Iterable, Sequence

from makeready.orders.model import LineRow, LineState
from msgspec import Struct

from makeready_admin.inbox.causes import cause_of, count_alike
from makeready_admin.inbox.groups import group_id
from makeready_admin.web.texts import gettext as _

DECIDED_BY_PEOPLE = (LineState.REFUSED, LineState.PARKED)


class Problem(Struct, frozen=True, kw_only=True):
    """Of one submission that a person has to decide about."""

    key: str
    state: str
    title: str
    """*Rejected by Tharstern*."""
    why: tuple[str, ...]
    """The reasons, each once: the MIS's words and what made the value that it names."""
    todo: str
    alike: int
    """Other submissions of the company with the same cause."""
    group: str
    """Under which it stands in the inbox, with these."""
    mis: str


class Problems(Struct, frozen=True, kw_only=True):
    """Of submissions of one order that are in the same trouble."""

    first: Problem
    keys: tuple[str, ...]

    @property
    def alike(self) -> int:
        """Submissions of other orders."""
        return max(self.first.alike - len(self.keys) + 1, 0)


def together(problems: Iterable[Problem]) -> list[Problems]:
    """What is wrong with several in the same way is said once."""
    found: dict[tuple[object, ...], list[Problem]] = {}
    for one in problems:
        found.setdefault((one.state, one.title, one.why), []).append(one)
    return [Problems(first=alike[0], keys=tuple(one.key for one in alike)) for alike in found.values()]


def problem_of(
    key: str, lines: Sequence[LineRow], mis: str, *, has_left: bool, reasons: Iterable[str]
) -> Problem | None:
    """``mis``: the name of the MIS, for people. ``reasons``: of all rejected submissions of the company."""
    first = lines[0]
    if not key or first.state not in DECIDED_BY_PEOPLE:
        return None
    title, todo = _words(first, key, mis, has_left=has_left)
    alike = count_alike(first.reason, reasons) - 1 if first.state == LineState.REFUSED else 0
    return Problem(
        key=key,
        state=first.shown_state,
        title=title,
        why=tuple(dict.fromkeys(line.reason for line in lines if line.reason)),
        todo=todo,
        alike=max(alike, 0),
        group=group_id(first.shown_state, cause_of(first.reason)),
        mis=mis,
    )


def _words(line: LineRow, key: str, mis: str, *, has_left: bool) -> tuple[str, str]:
    given = {"mis": mis, "key": key, "number": line.mis_number or line.mis_id}
    if line.state == LineState.PARKED:
        return (
            _("Unconfirmed: nobody knows whether %(mis)s has it") % given,
            _("Look for %(key)s in %(mis)s. If it is there, enter its number. If it is not, send it again.")
            % given,
        )
    if line.rejected_later:
        return (
            _("Rejected by %(mis)s after it had taken it as %(number)s") % given,
            _("Settle it with whoever rejected it, or correct the order. Sent again it is a new order there.")
            % given,
        )
    todo = _("Correct what is wrong, here or in the shop or in %(mis)s. Then send it again.") % given
    if has_left:
        return _("Rejected by %(mis)s") % given, todo
    return _("Not sent: it cannot go to %(mis)s as it is") % given, todo
