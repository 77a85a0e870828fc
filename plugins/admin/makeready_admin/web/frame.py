"""How a page is made: templates, the frame around them, the headers that keep it private and harmless."""

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from makeready.plugins import connectors
from makeready.subscribers.model import RULES
from makeready.subscribers.settings import setting_titles
from makeready_hooks.names import in_path
from makeready_imports.markups.percents import shown_percent
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from makeready_admin.languages.formats import (
    ago,
    day,
    many,
    moment_tag,
    money,
    money_text,
    ms_of,
    period,
    size_of,
)
from makeready_admin.web.bodies import as_lines
from makeready_admin.web.texts import gettext, ngettext, told
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.words import state_words

if TYPE_CHECKING:
    import jinja2  # loaded for the first page

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_GOOD = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}
SHOWN_CHARACTERS = 20_000
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Assets:
    """Our own stylesheet and script. A name holds a hash of the content: it may be kept for good."""

    def __init__(self) -> None:
        self._contents: dict[str, tuple[bytes, str]] = {}
        self._names: dict[str, str] = {}
        for path in sorted((HERE / "static").iterdir()):
            content = path.read_bytes()
            kind = path.suffix.removeprefix(".")
            name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
            self._contents[name] = (content, MEDIA_TYPES[kind])
            self._names[path.name] = name

    def url(self, name: str) -> str:
        return f"/admin/static/{self._names[name]}"

    async def serve(self, request: Request) -> Response:
        found = self._contents.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("There is nothing at this address.", 404)
        content, media_type = found
        return Response(content, headers=FOR_GOOD, media_type=media_type)


class Frame:
    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    @cached_property
    def _templates(self) -> "jinja2.Environment":
        """Made for the first page: a server can run for weeks without one."""
        import jinja2  # noqa: PLC0415 - 1 MB

        made = jinja2.Environment(
            loader=jinja2.FileSystemLoader(sorted(HERE.parent.glob("*/templates"))),
            autoescape=True,
            extensions=["jinja2.ext.i18n"],
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
        made.filters.update(
            moment=moment_tag,
            state=state_tag,
            state_words=state_words,
            readable=readable,
            text=text_of,
            bytes=size_of,
            ago=ago,
            day=day,
            told=told,
            many=many,
            ms=ms_of,
            period=period,
            status_words=status_words,
            money=money,
            percent=shown_percent,
            decimal=Decimal,
            money_text=money_text,
            point=point,
            linked=linked,
            in_path=in_path,
        )
        made.globals["asset"] = self._assets.url
        return made

    def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        return HTMLResponse(self.text(template, **values), status, HEADERS)

    def text(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(**values)


@cache
def frame_of_pages() -> tuple[Assets, Frame]:
    """Those of this process: templates are compiled once, however many servers it runs."""
    assets = Assets()
    return assets, Frame(assets)


SETTING = re.compile(r"\bthe setting (?:connectors\.([a-z0-9_-]+)\.|(orders)\.)([a-z0-9_]+)")
COMMAND = re.compile(r", or: makeready [^.]*(?=\.)")
"""Another way for who reads it in a terminal."""


def linked(text: str, home: str) -> Markup:
    """A reason whose *the setting orders.free_products* leads to that setting. What came from outside is escaped."""
    parts, end, text = [], 0, told(COMMAND.sub("", text))
    for found in SETTING.finditer(text):
        connector, rules, setting = found.groups()
        where = f"connectors/{connector}" if connector else f"rules/{rules}"
        kind = connectors().types.get(connector or "")
        titles = setting_titles(RULES[rules]) if rules else setting_titles(kind.settings) if kind else {}
        title = (
            _("“%(text)s”") % {"text": told(titles[setting])}
            if setting in titles
            else setting.replace("_", " ")
        )
        owner = kind.title if kind else connector or told(rules.capitalize())
        words = _("the setting %(title)s of %(owner)s") % {"title": title, "owner": owner}
        link = Markup('<a href="{}/settings/{}#{}">{}</a>').format(home, where, setting, words)
        parts += [escape(text[end : found.start()]), link]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def status_words(status: int) -> str:
    """``Too Many Requests``; empty for a number that no standard knows."""
    return next((one.phrase for one in HTTPStatus if one.value == status), "")


def point(length: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{length:.1f}".removesuffix(".0")


def state_tag(state: str) -> Markup:
    return Markup('<span class="state {}">{}</span>').format(state, state_words(state))


def readable(payload: bytes) -> str:
    """JSON over several lines; anything else as text. What is very long ends with a word about it."""
    text = as_lines(payload)
    if len(text) <= SHOWN_CHARACTERS:
        return text
    more = _("%(count)s characters more: see the evidence file")
    return f"{text[:SHOWN_CHARACTERS]}\n... {more % {'count': len(text) - SHOWN_CHARACTERS}}"


def text_of(value: Any) -> str:
    """A setting's value as a person reads it."""
    if isinstance(value, str):
        return value or _("(empty)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
