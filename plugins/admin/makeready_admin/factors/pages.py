"""One's own second factors: set up, listed, removed."""

from urllib.parse import urlsplit

from makeready.access.audit import Act, audited
from makeready_hooks.errors import ConfigError
from starlette.responses import Response

from makeready_admin.factors import apps, factors
from makeready_admin.factors.places import Place
from makeready_admin.factors.store import factors_of
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Visit, redirect

AT = "/account/factors"


async def show_factors(visit: Visit) -> Response:
    store = factors_of(visit.installation)
    return await visit.page(
        "factors.html",
        factors=await store.of(visit.user.name),
        codes=await store.count_codes(visit.user.name),
        needed=await factors.needs_factor(visit.installation, visit.user),
        passkeys=await factors.place_of_passkeys(visit.installation) is not None,
    )


async def show_list(visit: Visit) -> Response:
    """For whoever loads a page again that a form has led to."""
    return redirect(ROOT + AT)


async def begin_app(visit: Visit) -> Response:
    return await _app_page(visit, apps.new_secret())


async def _app_page(visit: Visit, secret: str, error: str = "", status: int = 200) -> Response:
    public_url = await visit.installation.store.subscribers.public_url()
    server = urlsplit(public_url).hostname or "this server"
    address = apps.set_up_address(secret, visit.user.name, f"Makeready {server}")
    return await visit.page(
        "new-app.html",
        status=status,
        error=error,
        picture=apps.picture(address),
        secret=apps.spaces_out(secret),
        draft=factors.seal_app(visit.installation, visit.signed_in, secret),
    )


async def add_app(visit: Visit) -> Response:
    """A wrong code is told beside the picture, so that the app need not be set up anew."""
    installation, given = visit.installation, visit.form
    secret = factors.open_app(installation, visit.signed_in, given.raw("draft"))
    code, title = given.text("code").replace(" ", ""), given.text("title")
    try:
        async with audited(installation, visit.actor, Act(action="factor add", target=title)):
            codes = await factors.add_app(installation, visit.signed_in, secret, code, title)
    except ConfigError as exc:
        return await _app_page(visit, secret, str(exc), 422)
    return await _added(visit, codes)


async def begin_passkey(visit: Visit) -> Response:
    asked = await factors.ask_for_passkey(visit.installation, visit.signed_in, await _place(visit))
    return await visit.page("new-passkey.html", passkey=asked)


async def _place(visit: Visit) -> Place:
    place = await factors.place_of_passkeys(visit.installation)
    if place is None:
        raise ConfigError(
            "Passkeys need a public address that begins with https:// and is a name.",
            field="public_url",
            fix="An operator gives it in the page Server. Until then, use an app.",
        )
    return place


async def add_passkey(visit: Visit) -> Response:
    answer, title = visit.form.raw("answer"), visit.form.text("title")
    place = await _place(visit)
    codes = await factors.add_passkey(visit.installation, visit.signed_in, place, answer, title)
    return await _added(visit, codes)


async def _added(visit: Visit, codes: list[str]) -> Response:
    if codes:
        return await visit.page("recovery-codes.html", codes=codes)
    return await visit.told("It is set up, and asked for from the next time on.", ROOT + AT)


async def renew_codes(visit: Visit) -> Response:
    return await visit.page(
        "recovery-codes.html", codes=await factors.renew_codes(visit.installation, visit.user)
    )


async def remove(visit: Visit) -> Response:
    number = visit.form.text("id")
    known = {str(one.id): one for one in await factors_of(visit.installation).of(visit.user.name)}
    await factors.remove_factor(
        visit.installation, visit.signed_in, known[number].id if number in known else 0
    )
    return await visit.told("It is removed. Everywhere else you are signed out.", ROOT + AT)


PAGES = (
    page(AT, Needs.USER, show_factors, without_factor=True),
    page(f"{AT}/app", Needs.USER, show_list, without_factor=True),
    page(f"{AT}/passkey", Needs.USER, show_list, without_factor=True),
    form(f"{AT}/app", Needs.USER, begin_app, "factor begin", asks_password=True, without_factor=True),
    form(f"{AT}/app/add", Needs.USER, add_app, "", without_factor=True),
    form(f"{AT}/passkey", Needs.USER, begin_passkey, "factor begin", asks_password=True, without_factor=True),
    form(f"{AT}/passkey/add", Needs.USER, add_passkey, "factor add", target="title", without_factor=True),
    form(
        f"{AT}/codes", Needs.USER, renew_codes, "recovery codes make", asks_password=True, without_factor=True
    ),
    form(f"{AT}/remove", Needs.USER, remove, "factor remove", target="title", asks_password=True),
)
