"""The forms of the guided start: of the settings only what a step is about."""

from collections.abc import Sequence

from makeready_hooks import ConnectorType, Role
from makeready_hooks.model.asked import CUSTOMERS
from msgspec import structs

from makeready_admin.settings.forms import SettingsForm, connector_form, rules_form
from makeready_admin.start.steps import ROLES, StepName, customer_fields
from makeready_admin.web.request import Visit


def sign_in_kinds(visit: Visit, name: StepName) -> Sequence[ConnectorType]:
    """What can be signed in to in a step."""
    role = ROLES.get(name)
    return [kind for kind in visit.installation.kinds.values() if kind.role is role]


def sign_in_form(visit: Visit, name: StepName) -> SettingsForm | None:
    """Of the one that is there or chosen, or the only one; None where a person has to choose first."""
    kinds = {kind.name: kind for kind in sign_in_kinds(visit, name)}
    there = [one for one in visit.subscriber.connectors if one in kinds]
    chosen = visit.form.text("connector") or visit.query("connector")
    if chosen not in kinds:
        chosen = there[0] if there else next(iter(kinds)) if len(kinds) == 1 else ""
    if not chosen:
        return None
    form = connector_form(visit, chosen)
    return structs.replace(
        form,
        fields=tuple(one for one in form.fields if one.step != CUSTOMERS),
        layers=("shared",),
        kind=None if any(one.step == CUSTOMERS and one.required for one in form.fields) else form.kind,
    )


def flow_form(visit: Visit, topic: str, names: tuple[str, ...]) -> SettingsForm:
    form = rules_form(visit, topic)
    return structs.replace(form, fields=tuple(one for one in form.fields if one.name in names))


def rules_for_customers(visit: Visit) -> SettingsForm | None:
    """Of the first MIS that has such settings."""
    for name, fields in customer_fields(visit.installation, visit.subscriber).items():
        if visit.installation.kind(name).role is Role.MIS:
            return structs.replace(connector_form(visit, name), fields=fields, layers=("shared",), kind=None)
    return None
