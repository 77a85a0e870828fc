"""Who reads a page: in which language, with which numbers and dates, in which time zone."""

import re
from contextvars import ContextVar
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from makeready_admin.languages.catalogues import ENGLISH, Language, folders, language

MOST_ACCEPTED = 20
"""Languages of a browser that are looked at."""
TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


class Viewer(Struct, frozen=True, kw_only=True):
    language: str = ENGLISH
    locale: str = ENGLISH
    """With the country, if the browser names one: ``de-CH`` writes numbers otherwise than ``de``."""
    time_zone: str = ""
    """Empty: times are UTC, and the browser shows them in its own zone."""

    @property
    def speaks(self) -> Language:
        return language(self.language)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or "UTC")


_READS: ContextVar[Viewer] = ContextVar("viewer", default=Viewer())  # noqa: B039 - it is frozen


def viewer() -> Viewer:
    """Of the page that is being made."""
    return _READS.get()


def reads(who: Viewer) -> None:
    """From now on in this task, and in those that it begins."""
    _READS.set(who)


def viewer_of(accepted: str, chosen: str = "", time_zone: str = "") -> Viewer:
    """``accepted``: what the browser says, `Accept-Language`. ``chosen``: empty for *as the browser says*."""
    name, locale = _chosen(chosen if chosen in folders() else "", accepted[:1000])
    return Viewer(language=name, locale=locale, time_zone=time_zone if time_zone in zones() else "")


@cache
def zones() -> frozenset[str]:
    """Names that this machine knows."""
    return frozenset(available_timezones())


def _chosen(chosen: str, accepted: str) -> tuple[str, str]:
    for tag in _in_order(accepted):
        name = _offered_for(tag)
        if name and (not chosen or name == chosen):
            return name, tag
    name = chosen or ENGLISH
    return name, name.replace("_", "-")


def _in_order(accepted: str) -> list[str]:
    """Tags of languages, the most wanted first."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")[:MOST_ACCEPTED]):
        tag, _semicolon, weight = (one.strip() for one in part.partition(";"))
        try:
            wanted = float(weight.removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if TAG.fullmatch(tag) and wanted > 0:
            found.append((-wanted, place, tag))
    return [tag for *_order, tag in sorted(found)]


def _offered_for(tag: str) -> str:
    """``pt_BR`` or else ``pt`` for ``pt-BR``; empty if there is neither."""
    language_name, _hyphen, rest = tag.partition("-")
    for name in (f"{language_name.lower()}_{rest.upper()}" if rest else "", language_name.lower()):
        if name in folders():
            return name
    return ""
