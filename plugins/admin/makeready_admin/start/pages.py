"""The guided start: each step is tried before it counts, keeps what was typed, and says what is missing."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from makeready_hooks import specs
from makeready_hooks.errors import CallRejected, ConfigError
from starlette.responses import Response

from makeready_admin.settings.drafts import Draft
from makeready_admin.settings.fields import hidden_in
from makeready_admin.settings.forms import SettingsForm, Wrong, show_form
from makeready_admin.settings.pages import show_draft
from makeready_admin.start import trials
from makeready_admin.start.first_product import offered
from makeready_admin.start.live import check_list, sides
from makeready_admin.start.sign_in import flow_form, rules_for_customers, sign_in_form, sign_in_kinds
from makeready_admin.start.steps import ROLES, SetUp, Step, StepName, connectors_or_none, mark_done, set_up_of
from makeready_admin.start.trials import Again
from makeready_admin.web.asking import KEEP_LISTS_S
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit, redirect

SHOWN_LINES, SHOWN_PRODUCTS = 5, 50
FORM_STEPS = frozenset({*ROLES, StepName.FLOW, StepName.CUSTOMERS, StepName.ALERTS})


async def show_start(visit: Visit) -> Response:
    """The step that is asked for, or the next one."""
    set_up = await set_up_of(visit.installation, visit.subscriber)
    if set_up is None:
        return redirect(visit.home)
    asked = visit.query("step")
    step = next((one for one in set_up.steps if one.name == asked), set_up.next or set_up.steps[-1])
    return await _show(visit, set_up, step)


async def _show(visit: Visit, set_up: SetUp, step: Step, wrong: trials.Wrongs = ()) -> Response:
    filled = form_of(visit, step.name)
    places = [one.name for one in set_up.steps]
    values: dict[str, object] = {
        "set_up_steps": set_up.steps,
        "step": step,
        "after": next(iter(set_up.steps[places.index(step.name) + 1 :]), None),
        "kinds": sign_in_kinds(visit, step.name),
        "connector": filled.connector if filled else "",
        "hidden_in": hidden_in,
        "titles": {name: kind.title for name, kind in visit.installation.kinds.items()},
        **await _facts(visit, set_up, step.name),
    }
    if filled is not None:
        return await show_form(visit, filled, wrong, "start.html", **values)
    if step.name is StepName.PRODUCTS:
        question = partial(offered, visit.installation, visit.subscriber)
        asked = await visit.ask("first products", question=question, keep_s=KEEP_LISTS_S)
        return await visit.page_with_part(
            "start.html",
            asked.waiting,
            status=422 if wrong else 200,
            asked=asked,
            settings_form=None,
            wrong=wrong,
            **values,
        )
    return await visit.page(
        "start.html",
        status=422 if wrong else 200,
        settings_form=None,
        lacking=False,
        wrong=wrong,
        **values,
    )


async def _facts(visit: Visit, set_up: SetUp, name: StepName) -> Mapping[str, object]:
    """What a step without a form shows."""
    store, company = visit.installation.store, visit.subscriber.name
    if name is StepName.ACCOUNTS:
        return {
            "public_url": await store.subscribers.public_url(),
            "own_url": f"{visit.request.url.scheme}://{visit.request.url.netloc}",
            "installed": await store.subscribers.installed(company),
            "webhook_at": await store.inbox.last_received_at(company, visit.installation.clock()),
        }
    if name is StepName.PAGES:
        return {"snippets": await trials.snippets(visit.installation, visit.subscriber)}
    if name is StepName.ORDER:
        connectors = await connectors_or_none(visit.installation, visit.subscriber)
        links = await store.stock.links(company)
        return {
            "lines": (await store.ledger.lines(company))[:SHOWN_LINES],
            "to_order": {one.product_id: one.name for one in links[:SHOWN_PRODUCTS]}
            if connectors and connectors.any_has(specs.submit_test_order)
            else {},
            "learned": await store.subscribers.learned(company),
        }
    if name is StepName.LIVE:
        return {"sides": sides(visit.installation, visit.subscriber), "checks": check_list(visit, set_up)}
    return {}


def form_of(visit: Visit, name: StepName) -> SettingsForm | None:
    if name in ROLES:
        return sign_in_form(visit, name)
    if name is StepName.FLOW:
        return flow_form(visit, "orders", ("trigger_stage", "grouping", "test_sites"))
    if name is StepName.CUSTOMERS:
        return rules_for_customers(visit)
    if name is StepName.ALERTS:
        return flow_form(visit, "alerts", ("email_to",))
    return None


# What a person sends


async def send_step(visit: Visit) -> Response:
    set_up, step = await _step(visit)
    trial = TRIALS.get(step.name)
    if trial is None:
        raise CallRejected("There is nothing to be sent in this step.", status=404)

    async def again(wrong: trials.Wrongs) -> Response:
        return await _show(visit, set_up, step, wrong)

    return await trial(visit, form_of(visit, step.name), again)


async def leave_out(visit: Visit) -> Response:
    """Done by a person, where no program sees it; or left for later."""
    _set_up, step = await _step(visit)
    if not step.may_be_left_out:
        raise CallRejected("Orders do not flow without this step.", status=422)
    await mark_done(visit.installation, visit.subscriber, step.name)
    return redirect(f"{visit.home}/start")


async def _step(visit: Visit) -> tuple[SetUp, Step]:
    set_up, name = await set_up_of(visit.installation, visit.subscriber), visit.part("step")
    step = next((one for one in set_up.steps if one.name == name), None) if set_up else None
    if set_up is None or step is None:
        raise CallRejected("There is no such step.", status=404)
    return set_up, step


async def go_live(visit: Visit, _filled: SettingsForm | None, again: Again) -> Response:
    """The difference is shown first, as of any other change."""
    settings = trials.exported(visit) | {"environment": "live"}
    draft = Draft(name=visit.subscriber.name, version=visit.subscriber.version, settings=settings)
    try:
        return await show_draft(visit, draft)
    except ConfigError as exc:
        return await again((Wrong(name="", title="", text=f"{exc.message} {exc.fix}".strip()),))


Trial = Callable[[Visit, SettingsForm | None, Again], Awaitable[Response]]
TRIALS: Mapping[StepName, Trial] = {
    StepName.SHOP: trials.sign_in,
    StepName.MIS: trials.sign_in,
    StepName.FLOW: trials.choose_flow,
    StepName.CUSTOMERS: trials.try_customers,
    StepName.ACCOUNTS: trials.set_up_accounts,
    StepName.PRODUCTS: trials.import_a_product,
    StepName.ORDER: trials.send_test_order,
    StepName.ALERTS: trials.send_test_alert,
    StepName.LIVE: go_live,
}
AT = "/subscribers/{subscriber}/start"

PAGES = (
    page(AT, Needs.OPERATOR, show_start),
    form(f"{AT}/{{step}}", Needs.OPERATOR, send_step, "set-up step", target="step"),
    form(f"{AT}/{{step}}/later", Needs.OPERATOR, leave_out, "set-up step left out", target="step"),
)
