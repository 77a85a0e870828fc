"""Before a company goes live: both sides of test and live beside one another, and what is still to do."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.subscribers.changes import export
from makeready.subscribers.model import Subscriber
from makeready_hooks.model.setup import State
from msgspec import Struct

from makeready_admin.settings.cells import layer_of
from makeready_admin.settings.fields import fields_of
from makeready_admin.start.steps import SetUp, StepName
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _


class Side(Struct, frozen=True, kw_only=True):
    """An address of a vendor, as each environment has it."""

    connector: str
    title: str
    test: str
    live: str

    @property
    def is_same(self) -> bool:
        return self.test == self.live


class Item(Struct, frozen=True, kw_only=True):
    state: State
    text: str
    address: str
    """Below the company's pages."""


def sides(installation: Installation, subscriber: Subscriber) -> list[Side]:
    found = []
    for name, given in export(installation, subscriber)["connectors"].items():
        if name not in installation.kinds:
            continue
        kind = installation.kind(name)
        for field in fields_of(kind.settings):
            if field.schema.get("format") == "uri":
                test, live = (
                    str({**layer_of(given, "shared"), **layer_of(given, one)}.get(field.name, ""))
                    for one in ("test", "live")
                )
                found.append(Side(connector=name, title=f"{kind.title}: {field.title}", test=test, live=live))
    return found


def check_list(visit: Visit, set_up: SetUp) -> Sequence[Item]:
    """What should be so before orders are real."""
    wanted = {
        StepName.ORDER: _("A test order is in the MIS"),
        StepName.ACCOUNTS: _("Webhook and pricing engine are set up"),
        StepName.ALERTS: _("Somebody is told when something needs attention"),
    }
    steps = [
        Item(
            state=State.OK if set_up.is_done(name) else State.TO_DO,
            text=text,
            address=f"start?step={name}",
        )
        for name, text in wanted.items()
        if set_up.has(name)
    ]
    addresses = [
        Item(
            state=State.TO_DO if one.is_same else State.OK,
            text=_("%(title)s: live uses the address of the test. Right only if it is the live one.")
            % {"title": one.title}
            if one.is_same
            else _("%(title)s: live has its own.") % {"title": one.title},
            address=f"settings/connectors/{one.connector}?for=live",
        )
        for one in sides(visit.installation, visit.subscriber)
    ]
    return [*steps, *addresses]
