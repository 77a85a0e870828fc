"""Sign in through the identity provider; and, for operators, say which one that is."""

from collections.abc import Sequence

from makeready.access.audit import Act
from makeready_hooks.errors import CallRejected, MakereadyError
from msgspec.structs import replace
from starlette.responses import Response

from makeready_admin.factors.second_step import begin_second_step, sign_in_user
from makeready_admin.provider.model import GroupRule, Provider
from makeready_admin.provider.provider import (
    BACK,
    begin_round,
    begun_round,
    finish_round,
    remove_provider,
    set_provider,
    user_of,
)
from makeready_admin.provider.title import provider_of
from makeready_admin.users.failed import actor_of, keep_failed
from makeready_admin.users.model import User
from makeready_admin.users.roles import ROLE_NAMES, checked_role, in_words
from makeready_admin.users.sign_in_pages import begin, own_address, sign_in_page
from makeready_admin.web.cookies import Cookies
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Form, Visit, address_of, redirect
from makeready_admin.web.texts import gettext as _

AT = "/server/provider"
MORE_ROWS = 3
ACT = Act(action="sign in", detail="through the identity provider")


async def go_to_provider(visit: Visit) -> Response:
    provider = await _provider(visit)
    try:
        url, kept = await begin_round(
            visit.installation,
            provider,
            next_=own_address(visit.query("next")),
            invitation=visit.query("invitation"),
        )
    except MakereadyError as exc:
        return await sign_in_page(visit, next_=visit.query("next"), error=str(exc), status=503)
    response = redirect(url)
    (await Cookies.of(visit.installation, visit.request)).begin_round(response, kept)
    return response


async def come_back(visit: Visit) -> Response:
    cookies, address = await Cookies.of(visit.installation, visit.request), address_of(visit.request)
    try:
        user, to = await _who_came(visit, cookies)
    except MakereadyError as exc:
        status = exc.status if isinstance(exc, CallRejected) else 503
        await keep_failed(visit.installation, actor_of(None, address), ACT, exc)
        response = await sign_in_page(visit, next_=ROOT, error=str(exc), status=status)
        cookies.end_round(response)
        return response
    # A page of ours goes on from here: whatever the provider's redirect leads to is not given our strict cookies.
    if token := await begin_second_step(visit.installation, user, address, to):
        response = await visit.page("go-on.html", to=f"{ROOT}/sign-in/second")
        cookies.begin_second_step(response, token)
    else:
        response = await visit.page("go-on.html", to=to)
        await begin(visit, user, await sign_in_user(visit.installation, user, address), to, response)
    cookies.end_round(response)
    return response


async def _who_came(visit: Visit, cookies: Cookies) -> tuple[User, str]:
    provider = await _provider(visit)
    begun = begun_round(visit.installation, cookies.round(), visit.query("state"))
    if not (code := visit.query("code")):
        raise CallRejected(
            f"{provider.title} has not let you in.",
            status=403,
            fix="Sign in there with the account that belongs here, or with your password.",
        )
    who = await finish_round(visit.installation, provider, begun, code)
    address = address_of(visit.request)
    user = await user_of(visit.installation, provider, who, begun.invitation, address)
    if user.disabled:
        raise CallRejected(f"{user.name} cannot sign in.", status=403, fix="Ask the operator.")
    return user, begun.next


async def _provider(visit: Visit) -> Provider:
    found = await provider_of(visit.installation)
    if found is None:
        raise CallRejected("No identity provider is set.", status=404, fix="Sign in with your password.")
    return found


# What an operator sets


async def show_provider(visit: Visit) -> Response:
    return await _page(visit, await provider_of(visit.installation))


async def _page(visit: Visit, shown: Provider | None, error: MakereadyError | None = None) -> Response:
    kept, store = await provider_of(visit.installation), visit.installation.store
    public_url = await store.subscribers.public_url()
    return await visit.page(
        "provider.html",
        status=422 if error else 200,
        given=shown,
        kept=kept,
        error=error,
        rules=[*(shown.rules if shown else ()), *[None] * MORE_ROWS],
        roles=in_words(ROLE_NAMES),
        subscribers=await store.subscribers.all(),
        public_url=public_url,
        back=public_url + BACK,
    )


async def save_provider(visit: Visit) -> Response:
    given, secret = visit.form, visit.form.raw("secret")
    shown = Provider(
        title=given.text("title"),
        issuer=given.text("issuer"),
        client_id=given.text("client_id"),
        claim=given.text("claim") or "groups",
    )
    try:
        shown = replace(shown, rules=tuple(_rules(given)))
        keep = not secret and not given.ticked("no_secret")
        await set_provider(visit.installation, shown, secret=secret, keep_secret=keep)
    except MakereadyError as exc:
        return await _page(visit, shown, exc)
    told = _("People can sign in with %(title)s now: it was asked, and answers.") % {"title": shown.title}
    return await visit.told(told, ROOT + AT)


def _rules(given: Form) -> Sequence[GroupRule]:
    columns = [given.fields.get(f"rule_{name}", ()) for name in ("value", "role", "of")]
    rules = []
    for value, role, company in zip(*columns, strict=False):
        if value.strip():
            checked = checked_role(role)
            rules.append(
                GroupRule(
                    value=value.strip(), role=checked, subscriber="" if checked == "operator" else company
                )
            )
    return rules


async def forget_provider(visit: Visit) -> Response:
    await remove_provider(visit.installation)
    told = _("Nobody signs in through the identity provider from now on. Who is signed in stays so.")
    return await visit.told(told, ROOT + AT)


PAGES = (
    page("/sign-in/provider", Needs.NOTHING, go_to_provider, without_factor=True),
    page("/sign-in/provider/back", Needs.NOTHING, come_back, without_factor=True),
    page(AT, Needs.OPERATOR, show_provider),
    form(AT, Needs.OPERATOR, save_provider, "identity provider set", target="issuer"),
    form(f"{AT}/remove", Needs.OPERATOR, forget_provider, "identity provider remove"),
)
