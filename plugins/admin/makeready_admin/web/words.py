"""States as people read them."""

from collections.abc import Mapping

from makeready.orders.artwork.model import FileState
from makeready.orders.model import REJECTED_LATER, UNREADABLE, LineState

from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

LINE_WORDS: Mapping[str, str] = {
    LineState.SEEN: marked("Received"),
    LineState.WAITING: marked("Waiting"),
    LineState.BEFORE_START: marked("Before our time"),
    LineState.READY: marked("Queued"),
    LineState.SUBMITTING: marked("Sending"),
    LineState.ACCEPTED: marked("In the MIS"),
    LineState.REFUSED: marked("Rejected"),
    LineState.IN_DOUBT: marked("Checking"),
    LineState.PARKED: marked("Unconfirmed"),
    LineState.IGNORED: marked("Not sent"),
    LineState.CANCELLED: marked("Cancelled"),
    REJECTED_LATER: marked("Rejected later"),
    UNREADABLE: marked("Cannot be read"),
}
"""Of order lines, by the state that the API and the commands name."""
FILE_WORDS: Mapping[str, str] = {
    FileState.NOT_TAKEN: marked("stays behind"),
    FileState.LATE: marked("to be uploaded"),
    FileState.ATTACHING: marked("upload on its way"),
    FileState.ATTACHED: marked("uploaded"),
    FileState.WITHDRAWN: marked("taken away in the shop"),
}
OTHER_WORDS: Mapping[str, str] = {
    "planned": marked("planned"),
    "creating": marked("being made"),
    "created": marked("made"),
    "linked": marked("linked"),
    "changed": marked("changed"),
    "skipped": marked("left out"),
    "failed": marked("failed"),
    "running": marked("running"),
    "paused": marked("paused"),
    "done": marked("done"),
    "sent": marked("sent"),
    "not_sent": marked("not sent"),
    "checked": marked("there"),
    "unchecked": marked("not looked at"),
    "written": marked("told to the shop"),
    "replaced": marked("replaced"),
    "writing": marked("being told to the shop"),
    "due": marked("to be told to the shop"),
}
"""Of imports, their products, parcels."""


FLOW_WORDS = (marked("orders"), marked("prices"), marked("products"), marked("stock"), marked("write-back"))
"""What can be paused, as it is told: the values of `Flow`."""

ROLE_WORDS = (marked("artwork"), marked("proof"), marked("instruction"), marked("delivery note"))
"""What a file is for."""

CHECK_WORDS = (
    marked("account"),
    marked("alerts"),
    marked("clock"),
    marked("connection"),
    marked("currency"),
    marked("customer"),
    marked("customer of orders"),
    marked("edition"),
    marked("login"),
    marked("lost answers"),
    marked("mark-up"),
    marked("products"),
    marked("prices"),
    marked("sites"),
    marked("sites in use"),
    marked("stages"),
    marked("stock levels"),
    marked("workflows"),
)
"""What is looked at in a check, as rooms and connectors name it."""


def state_words(state: str) -> str:
    """``Before our time``, ``Checking``; of anything else, such as an import, its own word."""
    said = LINE_WORDS.get(state) or FILE_WORDS.get(state) or OTHER_WORDS.get(state)
    return _(said) if said else state.replace("_", " ")
