"""The second step of signing in: a code, or a passkey."""

from makeready.access.audit import Act
from makeready_hooks.errors import CallRejected, ConfigError, MakereadyError
from starlette.responses import Response

from makeready_admin.factors.second_step import (
    SecondStep,
    ask_for_passkey,
    check_code,
    check_passkey,
    finish,
    second_step,
)
from makeready_admin.factors.store import factors_of
from makeready_admin.users.devices import known_device
from makeready_admin.users.failed import actor_of, keep_failed
from makeready_admin.users.sign_in_pages import begin, open_form, own_address
from makeready_admin.users.tries import Origin
from makeready_admin.web.cookies import Cookies
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Visit, address_of, redirect


async def show_second_step(visit: Visit) -> Response:
    if visit.who is not None:
        return redirect(ROOT)
    step = await _step(visit)
    return await _page(visit, step) if step else redirect(f"{ROOT}/sign-in")


async def _step(visit: Visit) -> SecondStep | None:
    cookies = await Cookies.of(visit.installation, visit.request)
    return await second_step(visit.installation, cookies.second_step())


async def _page(visit: Visit, step: SecondStep, error: str = "", status: int = 200) -> Response:
    installation = visit.installation
    return await open_form(
        visit,
        "second-step.html",
        status=status,
        error=error,
        passkey=await ask_for_passkey(installation, step),
        has_app=any(one.kind == "app" for one in step.factors),
        has_codes=bool(await factors_of(installation).count_codes(step.user.name)),
    )


async def give_code(visit: Visit) -> Response:
    step = await _step(visit)
    if step is None:
        return redirect(f"{ROOT}/sign-in")
    try:
        cookies = await Cookies.of(visit.installation, visit.request)
        device = await known_device(visit.installation, cookies.device(), step.user)
        origin = Origin(address=address_of(visit.request), device=device)
        await check_code(visit.installation, step, visit.form.text("code"), origin)
        return await _finished(visit, step)
    except CallRejected as exc:
        return await _again(visit, step, exc, exc.status)


async def give_passkey(visit: Visit) -> Response:
    step = await _step(visit)
    if step is None:
        return redirect(f"{ROOT}/sign-in")
    try:
        await check_passkey(visit.installation, step, visit.form.raw("answer"))
        return await _finished(visit, step)
    except CallRejected as exc:
        return await _again(visit, step, exc, exc.status)
    except ConfigError as exc:
        return await _again(visit, step, exc, 401)


async def _finished(visit: Visit, step: SecondStep) -> Response:
    token = await finish(visit.installation, step, address_of(visit.request))
    return await begin(visit, step.user, token, own_address(step.begun.next))


async def _again(visit: Visit, step: SecondStep, error: MakereadyError, status: int) -> Response:
    actor = actor_of(step.user, address_of(visit.request))
    await keep_failed(visit.installation, actor, Act(action="sign in", target="second factor"), error)
    return await _page(visit, step, str(error), status)


PAGES = (
    page("/sign-in/second", Needs.NOTHING, show_second_step, without_factor=True),
    form("/sign-in/second", Needs.NOTHING, give_code, "", without_factor=True),
    form("/sign-in/passkey", Needs.NOTHING, give_passkey, "", without_factor=True),
)
