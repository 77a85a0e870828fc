"""What a step tries before it counts. What is wrong comes back to the form, which keeps what was typed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from makeready.subscribers.changes import export
from makeready.subscribers.setup import install as setup_install
from makeready.subscribers.setup.newest_orders import check_newest
from makeready_alerts.try_out import send_test
from makeready_hooks import Role, specs
from makeready_hooks.errors import ConfigError, MakereadyError
from makeready_hooks.model.setup import Check
from makeready_inspect import order_test
from starlette.responses import Response

from makeready_admin.settings.drafts import Draft, propose_draft, save_draft
from makeready_admin.settings.forms import SettingsForm, Wrong, placed, use_form
from makeready_admin.settings.pages import make_in_accounts
from makeready_admin.start.first_product import import_first
from makeready_admin.start.steps import StepName, mark_done
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

Wrongs = Sequence[Wrong]
Again = Callable[[Wrongs], Awaitable[Response]]
snippets = setup_install.snippets


def exported(visit: Visit) -> dict[str, Any]:
    return export(visit.installation, visit.subscriber)


def _next(visit: Visit) -> str:
    return f"{visit.home}/start"


async def sign_in(visit: Visit, form: SettingsForm | None, again: Again) -> Response:
    """With the settings as they would be, nothing saved yet."""
    if form is None:
        return await again((Wrong(name="", title="", text=_("Choose what to connect.")),))

    async def use(draft: Draft) -> Response:
        proposal = await propose_draft(visit.installation, draft)
        public_url = await visit.installation.store.subscribers.public_url()
        connectors = visit.installation.build(proposal.subscriber, public_url)
        try:
            found: Sequence[Check] = (
                await connectors.check_connection(form.connector)
                if connectors.has(form.connector, specs.check_connection)
                else ()
            )
        except MakereadyError as exc:
            return await again((_wrong(form, exc.message, exc.fix),))
        if bad := tuple(_wrong(form, one.message, one.fix) for one in found if not one.ok):
            return await again(bad)
        await save_draft(visit.installation, draft, visit.user.name)
        said = " ".join(one.message for one in found)
        told = _("Signed in to %(title)s. %(found)s") % {"title": form.title, "found": said}
        return await visit.told(told, _next(visit))

    return await use_form(visit, form, use, again)


def _wrong(form: SettingsForm, message: str, fix: str) -> Wrong:
    return placed(form, ConfigError(message, fix=fix))


async def choose_flow(visit: Visit, form: SettingsForm | None, again: Again) -> Response:
    async def use(draft: Draft) -> Response:
        proposal = await save_draft(visit.installation, draft, visit.user.name)
        await mark_done(visit.installation, visit.subscriber, StepName.FLOW)
        rules = proposal.subscriber.orders
        told = _("Orders go to the MIS at the stage %(stage)s.") % {"stage": rules.trigger_stage}
        return await visit.told(" ".join([told, *proposal.warnings]), _next(visit))

    return await use_form(visit, form, use, again) if form else await again(())


async def try_customers(visit: Visit, form: SettingsForm | None, again: Again) -> Response:
    """With the newest orders of the shop, mapped as they would be sent: does the MIS know whom they are for?"""
    installation = visit.installation

    async def use(draft: Draft) -> Response:
        proposal = await propose_draft(installation, draft)
        public_url = await installation.store.subscribers.public_url()
        connectors = installation.build(proposal.subscriber, public_url)
        found: list[Check] = []
        try:
            for name in connectors.names(Role.MIS):
                found += await check_newest(installation, proposal.subscriber, connectors, name)
        except MakereadyError as exc:
            return await again((Wrong(name="", title="", text=f"{exc.message} {exc.fix}".strip()),))
        if bad := [one for one in found if not one.ok]:
            return await again(
                [Wrong(name="", title="", text=f"{one.message} {one.fix}".strip()) for one in bad]
            )
        await save_draft(installation, draft, visit.user.name)
        await mark_done(installation, visit.subscriber, StepName.CUSTOMERS)
        none = _("There is no order in the shop yet to try it with: the test order will tell.")
        return await visit.told(" ".join(one.message for one in found) or none, _next(visit))

    if form is None:
        draft = Draft(name=visit.subscriber.name, version=visit.subscriber.version, settings=exported(visit))
        return await use(draft)
    return await use_form(visit, form, use, again)


async def set_up_accounts(visit: Visit, _form: SettingsForm | None, again: Again) -> Response:
    """The public address, if it is not known, and what the vendors' accounts need."""
    try:
        if url := visit.form.text("public_url"):
            await visit.installation.set_public_url(url)
        told = await make_in_accounts(visit)
    except MakereadyError as exc:
        return await again((Wrong(name="", title="", text=f"{exc.message} {exc.fix}".strip()),))
    return await visit.told(told, _next(visit))


async def import_a_product(visit: Visit, _form: SettingsForm | None, again: Again) -> Response:
    site, product = visit.form.text("site"), visit.form.text("product")
    try:
        told = await import_first(visit.installation, visit.subscriber, site, product)
    except MakereadyError as exc:
        return await again((Wrong(name="", title="", text=f"{exc.message} {exc.fix}".strip()),))
    return await visit.told(told, _next(visit))


async def send_test_order(visit: Visit, _form: SettingsForm | None, again: Again) -> Response:
    """Straight to the MIS, twice under one number: what it does then says whether a lost answer heals by itself."""
    installation, company = visit.installation, visit.subscriber
    try:
        learned = await order_test.send(installation, company, visit.form.text("product"))
        await order_test.save_findings(installation, company, learned, visit.user.name)
    except MakereadyError as exc:
        return await again((Wrong(name="", title="", text=f"{exc.message} {exc.fix}".strip()),))
    told = " ".join(one.finding for one in learned) or _("The MIS took the test order.")
    return await visit.told(told, f"{_next(visit)}?step={StepName.ORDER}")


async def send_test_alert(visit: Visit, form: SettingsForm | None, again: Again) -> Response:
    async def use(draft: Draft) -> Response:
        proposal = await save_draft(visit.installation, draft, visit.user.name)
        tried = await send_test(visit.installation, proposal.subscriber)
        if failed := [one for one in tried if one.error]:
            trouble = _("It is saved, but the test could not be sent: %(why)s") % {"why": failed[0].error}
            return await visit.told(trouble, f"{_next(visit)}?step={StepName.ALERTS}")
        none = _("It is saved. Nothing that tells people is installed on this server.")
        told = _("A test was delivered: %(whom)s.") % {"whom": "; ".join(one.whom for one in tried)}
        return await visit.told(told if tried else none, _next(visit))

    return await use_form(visit, form, use, again) if form else await again(())
