"""This installation, for operators: where the outside reaches it, and which plugins are installed."""

import secrets
from importlib.metadata import entry_points
from os import environ

from makeready import __version__
from makeready.connectors.trouble import HookTrouble
from makeready.extensions import installed
from makeready.plugins import BrokenPlugin
from makeready.times import format_utc
from makeready_alerts.mail import FROM_VARIABLE, SMTP_VARIABLE, is_mail_set, mail_server
from makeready_alerts.try_out import send_test_mail
from makeready_hooks import CONNECTORS
from makeready_hooks.errors import MakereadyError
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.factors.factors import OPERATORS, is_required, require
from makeready_admin.factors.store import factors_of
from makeready_admin.invitations.model import EMAIL
from makeready_admin.provider.title import provider_title
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import ROOT, Visit
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import marked

AT = "/server"


class PluginRow(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    side: str
    """What it connects: a shop or an MIS."""
    version: str
    used_by: tuple[str, ...]
    """Titles of companies."""


class BrokenRow(Struct, frozen=True, kw_only=True):
    plugin: BrokenPlugin
    used_by: tuple[str, ...]
    """Titles of the companies that stand still until it is mended."""


class DefectRow(Struct, frozen=True, kw_only=True):
    trouble: HookTrouble
    company: str
    at: str


ENCRYPTION = {
    "at once": marked("encrypted from the beginning (TLS)"),
    "asked for": marked("encrypted before anything is said (STARTTLS)"),
    "off": marked("not encrypted"),
}


async def show_server(visit: Visit) -> Response:
    return await _page(visit)


async def _page(visit: Visit, *, tested: str = "", trouble: str = "") -> Response:
    """``tested``: where a test of the mail server went, or was to go, with its ``trouble``."""
    store, versions = visit.installation.store, connector_versions()
    found = await store.subscribers.all()
    plugins = [
        PluginRow(
            name=kind.name,
            title=kind.title,
            side=kind.role.value,
            version=versions.get(kind.name, ""),
            used_by=tuple(one.title for one in found if kind.name in one.connectors),
        )
        for kind in visit.installation.kinds.values()
    ]
    return await visit.page(
        "server.html",
        version=__version__,
        mail=mail_server(environ),
        mail_is_set=is_mail_set(environ),
        sender=environ.get(FROM_VARIABLE, ""),
        mail_variables=(SMTP_VARIABLE, FROM_VARIABLE),
        encryption=ENCRYPTION,
        tested=tested,
        trouble=trouble,
        public_url=await store.subscribers.public_url(),
        provider=await provider_title(visit.installation),
        factor_required=await is_required(visit.installation),
        has_factor=bool(await factors_of(visit.installation).of(visit.user.name)),
        plugins=plugins,
        broken=[
            BrokenRow(
                plugin=one,
                used_by=tuple(company.title for company in found if one.name in company.connectors),
            )
            for one in [*visit.installation.broken_plugins, *installed().broken]
        ],
        defects=[
            DefectRow(
                trouble=one,
                company=next((by.title for by in found if by.name == one.key.company), one.key.company),
                at=format_utc(one.at),
            )
            for one in visit.installation.hook_troubles.of()
        ],
    )


async def set_public_url(visit: Visit) -> Response:
    await visit.installation.set_public_url(visit.form.text("public_url"))
    return await visit.told(
        "The address is saved. What was made in a shop under another one is made again with "
        "Set up in the vendors' accounts, in the settings of its company; take the old one away in the shop.",
        ROOT + AT,
    )


async def test_mail(visit: Visit) -> Response:
    to = visit.form.text("to")
    if not EMAIL.fullmatch(to):
        return await _page(
            visit, tested=to, trouble=_("Write an e-mail address, as in name@company.example.")
        )
    try:
        await send_test_mail(to, secrets.token_hex(16))
    except MakereadyError as exc:
        return await _page(visit, tested=to, trouble=str(exc))
    return await _page(visit, tested=to)


async def set_factor_required(visit: Visit) -> Response:
    required = visit.form.text("required") == OPERATORS
    await require(visit.installation, required)
    done = (
        "Operators need a second factor from now on: one who has none sets it up first."
        if required
        else "Operators may sign in with a password alone, unless they have set up a second factor."
    )
    return await visit.told(done, ROOT + AT)


def connector_versions() -> dict[str, str]:
    """Of the distributions that they come from, by name of the connector."""
    return {
        entry.name: entry.dist.version for entry in entry_points(group=CONNECTORS) if entry.dist is not None
    }


PAGES = (
    page(AT, Needs.OPERATOR, show_server),
    form(AT, Needs.OPERATOR, set_public_url, "public address set", target="public_url"),
    form(f"{AT}/mail", Needs.OPERATOR, test_mail, "mail test", target="to"),
    form(
        f"{AT}/second-factor",
        Needs.OPERATOR,
        set_factor_required,
        "second factor required",
        target="required",
    ),
)
