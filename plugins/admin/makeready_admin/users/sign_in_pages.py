"""Signing in and out, the first user, one's own password."""

from urllib.parse import quote

from makeready.access.audit import Act, Actor, audited
from makeready_hooks.errors import CallRejected, ConfigError
from starlette.responses import Response

from makeready_admin.factors.second_step import begin_second_step, sign_in_user
from makeready_admin.factors.store import factors_of
from makeready_admin.languages.catalogues import offered
from makeready_admin.languages.viewer import reads, viewer_of, zones
from makeready_admin.provider.title import provider_title
from makeready_admin.users import users
from makeready_admin.users.devices import known_device, new_device
from makeready_admin.users.failed import actor_of, keep_failed
from makeready_admin.users.model import User
from makeready_admin.users.sign_in import begin_session, check_password, end_session
from makeready_admin.users.store.users import users_of
from makeready_admin.users.tries import Origin
from makeready_admin.web.cookies import Cookies
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Form, Visit, address_of, redirect
from makeready_admin.web.texts import gettext as _

MAX_NEXT = 2000


async def show_sign_in(visit: Visit) -> Response:
    if visit.who is not None:
        return redirect(ROOT)
    return await sign_in_page(visit, next_=visit.query("next"))


async def sign_in_page(
    visit: Visit, *, next_: str, name: str = "", error: str = "", status: int = 200
) -> Response:
    nobody = await users_of(visit.installation).none_yet()
    return await open_form(
        visit,
        "sign-in.html",
        status=status,
        next=own_address(next_),
        name=name,
        error=error,
        nobody=nobody,
        provider=await provider_title(visit.installation),
    )


async def open_form(visit: Visit, template: str, *, status: int, **values: object) -> Response:
    """A form for somebody who is not signed in: what it carries is the same as the browser's cookie."""
    cookies = await Cookies.of(visit.installation, visit.request)
    word = cookies.form_word()
    response = await visit.page(template, status=status, csrf=word, **values)
    cookies.begin_form(response, word)
    return response


def own_address(path: str) -> str:
    """Where to go after signing in: a page of ours, whatever the address of this one says."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and len(path) <= MAX_NEXT
    return path if plain and (path == ROOT or path.startswith((f"{ROOT}/", f"{ROOT}?"))) else ROOT


async def do_sign_in(visit: Visit) -> Response:
    installation, address = visit.installation, address_of(visit.request)
    name, next_ = visit.form.text("name"), own_address(visit.form.text("next"))
    cookies = await Cookies.of(installation, visit.request)
    user = await users_of(installation).get(name)
    origin = Origin(address=address, device=await known_device(installation, cookies.device(), user))
    try:
        user = await check_password(installation, user, name, visit.form.raw("password"), origin)
    except CallRejected as exc:
        await keep_failed(installation, actor_of(user, address), Act(action="sign in"), exc)
        return await sign_in_page(visit, next_=next_, name=name, error=str(exc), status=exc.status)
    if token := await begin_second_step(installation, user, address, next_):
        # Whoever stops here knows the password.
        half = CallRejected("The password was right, and the second factor is to come.", status=401)
        await keep_failed(installation, actor_of(user, address), Act(action="sign in"), half)
        response = redirect(f"{ROOT}/sign-in/second")
        cookies.begin_second_step(response, token)
        return response
    return await begin(visit, user, await sign_in_user(installation, user, address), next_)


async def begin(visit: Visit, user: User, token: str, to: str, response: Response | None = None) -> Response:
    """A new session in this browser, in which the user has signed in from now on. It ends the one before.

    ``response``: in place of one that leads on to ``to``.
    """
    if visit.who:
        await end_session(visit.installation, visit.session)
    response = response or redirect(to)
    cookies = await Cookies.of(visit.installation, visit.request)
    cookies.begin_session(response, token)
    cookies.end_second_step(response)
    cookies.begin_device(response, await new_device(visit.installation, user))
    return response


async def sign_out(visit: Visit) -> Response:
    await end_session(visit.installation, visit.session)
    response = redirect(f"{ROOT}/sign-in")
    (await Cookies.of(visit.installation, visit.request)).end_session(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


async def show_setup(visit: Visit) -> Response:
    await users.check_setup_secret(visit.installation, visit.part("secret"))
    return await open_form(visit, "setup.html", status=200, name="", error="")


async def set_up(visit: Visit) -> Response:
    secret, name = visit.part("secret"), visit.form.text("name")
    try:
        user = await users.set_up(visit.installation, secret, name, new_password_in(visit.form))
    except ConfigError as exc:
        return await open_form(visit, "setup.html", status=422, name=name, error=str(exc))
    actor = Actor(name=user.name, via="page", address=address_of(visit.request))
    async with audited(
        visit.installation, actor, Act(action="user add", target=user.name, detail="the first")
    ):
        token = await begin_session(visit.installation, user, actor.address)
    return await begin(visit, user, token, ROOT)


async def account(visit: Visit) -> Response:
    factors = await factors_of(visit.installation).of(visit.user.name)
    return await visit.page("account.html", factors=factors, languages=offered(), zones=sorted(zones()))


async def change_reading(visit: Visit) -> Response:
    """The next page is in the new language already."""
    given = visit.form
    language, time_zone = given.text("language"), given.text("time_zone")
    await users.set_reading(visit.installation, visit.user.name, language=language, time_zone=time_zone)
    reads(viewer_of(visit.request.headers.get("accept-language", ""), language, time_zone))
    return await visit.told(_("It is saved."), f"{ROOT}/account")


async def change_password(visit: Visit) -> Response:
    await users.set_password(
        visit.installation, visit.user.name, new_password_in(visit.form), keep_session=visit.session.id
    )
    return await visit.told("The password is changed.", f"{ROOT}/account")


def new_password_in(given: Form) -> str:
    """Raises ConfigError if it was not typed twice in the same way."""
    if given.raw("new") != given.raw("again"):
        raise ConfigError("The two new passwords are not the same.", field="again")
    return given.raw("new")


def sign_in_address(path: str) -> str:
    return f"{ROOT}/sign-in?next={quote(path, safe='')}"


PAGES = (
    page("/sign-in", Needs.NOTHING, show_sign_in, without_factor=True),
    form("/sign-in", Needs.NOTHING, do_sign_in, "", without_factor=True),
    form("/sign-out", Needs.USER, sign_out, "sign out", without_factor=True),
    page("/setup/{secret}", Needs.NOTHING, show_setup),
    form("/setup/{secret}", Needs.NOTHING, set_up, ""),
    page("/account", Needs.USER, account),
    form("/account/reading", Needs.USER, change_reading, "user reading"),
    form("/account/password", Needs.USER, change_password, "user password", asks_password=True),
)
