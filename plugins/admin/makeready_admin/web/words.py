"""States, amounts and counts as people read them."""

from collections.abc import Mapping
from decimal import Decimal

from makeready.orders.artwork.model import FileState
from makeready.orders.model import REJECTED_LATER, UNREADABLE, LineState

from makeready_admin.web.texts import gettext as _

LINE_WORDS: Mapping[str, str] = {
    LineState.SEEN: _("Received"),
    LineState.WAITING: _("Waiting"),
    LineState.BEFORE_START: _("Before our time"),
    LineState.READY: _("Queued"),
    LineState.SUBMITTING: _("Sending"),
    LineState.ACCEPTED: _("In the MIS"),
    LineState.REFUSED: _("Rejected"),
    LineState.IN_DOUBT: _("Checking"),
    LineState.PARKED: _("Unconfirmed"),
    LineState.IGNORED: _("Not sent"),
    LineState.CANCELLED: _("Cancelled"),
    REJECTED_LATER: _("Rejected later"),
    UNREADABLE: _("Cannot be read"),
}
"""Of order lines, by the state that the API and the commands name."""
FILE_WORDS: Mapping[str, str] = {
    FileState.NOT_TAKEN: _("stays behind"),
    FileState.LATE: _("to be uploaded"),
    FileState.ATTACHING: _("upload on its way"),
    FileState.ATTACHED: _("uploaded"),
    FileState.WITHDRAWN: _("taken away in the shop"),
}


def state_words(state: str) -> str:
    """``Before our time``, ``Checking``; of anything else, such as an import, its own word."""
    return LINE_WORDS.get(state) or FILE_WORDS.get(state) or state.replace("_", " ")


def money(amount: Decimal) -> str:
    """With two decimals, or as many more as it has."""
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{amount:.{places}f}"


def money_text(amount: Decimal, currency: str) -> str:
    return f"{money(amount)} {currency}".strip()
