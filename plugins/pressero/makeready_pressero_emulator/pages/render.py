"""Pages from templates; which storefront a browser is on, and who is signed in there."""

from html import escape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import jinja2

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Handler, Mark
from makeready_pressero_emulator.shop import money
from makeready_pressero_emulator.state.records import Cart, Site, User
from makeready_pressero_emulator.wire.answers import Answer, ApiError
from makeready_pressero_emulator.wire.uploads import Form, form

T = TypeVar("T")

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(call: Call, template: str, status: int = 200, **facts: Any) -> Answer:
    body = _templates.get_template(template).render(shop=call.shop, world=call.world, **facts)
    return Answer(status=status, body=body.encode(), content_type="text/html; charset=utf-8")


def store_page(call: Call, template: str, status: int = 200, **facts: Any) -> Answer:
    """A page of the storefront, with the site's own snippet at the bottom of its head."""
    site, buyer = site_of(call), buyer_of(call)
    return page(
        call,
        template,
        status,
        site=site,
        buyer=buyer,
        head=_snippet(site, buyer),
        money=lambda amount: money.shown(amount, site.culture),
        in_cart=_in_cart(call, site, buyer),
        **facts,
    )


def is_page(call: Call) -> bool:
    """Whether a person waits for the answer: a browser asks for HTML, outside the two APIs."""
    first = call.entry.path.strip("/").partition("/")[0].lower()
    return first not in ("api", "_emulator") and "text/html" in call.headers.get("accept", "")


def error_page(call: Call, error: ApiError) -> Answer:
    return store_page(call, "refused.html", error.status, reason=str(error), back="/")


def see_other(path: str, **cookies: str) -> Answer:
    headers = {"Location": path}
    for name, value in cookies.items():
        headers["Set-Cookie"] = f"{name}={value}; Path=/; SameSite=Lax"
    return Answer(status=303, headers=headers)


def site_of(call: Call) -> Site:
    """By host name, else as chosen before (a cookie), else the first."""
    host = call.headers.get("host", "").partition(":")[0].lower()
    wanted = (host, call.query.get("site", ""), cookie(call, "site"))
    sites = list(call.shop.sites.values())
    for name in wanted:
        for site in sites:
            if name and name in (site.domain, site.site_id):
                return site
    return sites[0]


def buyer_of(call: Call) -> User | None:
    """Who is signed in to this site."""
    user = call.shop.users.get(cookie(call, "buyer"))
    return user if user and user.site_id == site_of(call).site_id else None


def cookie(call: Call, name: str) -> str:
    cookies: SimpleCookie = SimpleCookie(call.headers.get("cookie", ""))
    return cookies[name].value if name in cookies else ""


async def posted(call: Call) -> Form:
    """What a form sent, in either encoding."""
    if call.headers.get("content-type", "").startswith("multipart/"):
        return await form(call)
    return Form(dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True)), [])


def found(value: T | None, what: str) -> T:
    """Raises ApiError 404 for nothing."""
    if not value:
        raise ApiError(404, f"There is no {what}.")
    return value


def row(verb: str, path: str, does: str, handler: Handler, mark: Mark = Mark.OWN) -> Endpoint:
    return Endpoint(verb=verb, path=path, mark=mark, does=does, handler=handler, token=False)


def _snippet(site: Site, buyer: User | None) -> str:
    """The site's HTML, with the token for the buyer's e-mail filled in on the server (seen)."""
    email = escape(buyer.email) if buyer else ""
    return site.head_html.replace("###USERINFO, email###", email)


def _in_cart(call: Call, site: Site, buyer: User | None) -> int:
    def mine(cart: Cart) -> bool:
        return buyer is not None and (cart.site_id, cart.user_id) == (site.site_id, buyer.user_id)

    return sum(len(cart.items) for cart in call.shop.carts.values() if mine(cart))
