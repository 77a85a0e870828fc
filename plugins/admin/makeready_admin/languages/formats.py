"""Numbers, dates and amounts as the viewer's language writes them; in English as the pages always did."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from makeready.times import format_utc
from markupsafe import Markup

from makeready_admin.languages.catalogues import ENGLISH
from makeready_admin.languages.viewer import viewer
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.texts import ngettext

if TYPE_CHECKING:
    from babel import Locale


def _locale() -> "Locale | None":
    """None for English, which needs no Babel."""
    who = viewer()
    return None if who.language == ENGLISH else _babel(who.locale, who.language)


@lru_cache(100)
def _babel(tag: str, name: str) -> "Locale":
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only who reads another language needs it

    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(name)


def moment_tag(seconds: float, *, to_the_second: bool = False) -> Markup:
    """``2026-03-02 09:15`` with the exact UTC for whoever points at it; the script turns it into the viewer's zone."""
    if not seconds:
        return Markup("{}").format(_("never"))
    exact = format_utc(seconds)
    return Markup('<time datetime="{}" title="{} UTC"{}>{}</time>').format(
        exact.replace(" ", "T") + "Z",
        exact,
        Markup(" data-seconds") if to_the_second else "",
        _moment(seconds, to_the_second=to_the_second),
    )


def _moment(seconds: float, *, to_the_second: bool) -> str:
    at = dt.datetime.fromtimestamp(seconds, viewer().zone)
    if (locale := _locale()) is None:
        return f"{at:%Y-%m-%d %H:%M:%S}" if to_the_second else f"{at:%Y-%m-%d %H:%M}"
    from babel.dates import format_date, format_time  # noqa: PLC0415

    time = format_time(at, "medium" if to_the_second else "short", locale=locale)
    return f"{format_date(at, 'medium', locale=locale)}, {time}"


def day(given: dt.date | str | None) -> str:
    """``2026-03-02``, ``02.03.2026``; a text that is no day stays as it is."""
    if not given:
        return ""
    locale = _locale()
    if locale is None:
        return str(given)
    from babel.dates import format_date  # noqa: PLC0415

    try:
        return format_date(dt.date.fromisoformat(str(given)), "medium", locale=locale)
    except ValueError:
        return str(given)


def short_day(at: dt.datetime) -> str:
    """``02 Mar``, ``2. März``: of a chart."""
    if (locale := _locale()) is None:
        return at.strftime("%d %b")
    from babel.dates import format_skeleton  # noqa: PLC0415

    return format_skeleton("MMMd", at, locale=locale)


def ago(seconds: float, now: float) -> str:
    """``3 minutes``, of the time that passed or is left."""
    passed = abs(now - seconds)
    for told, length in (_days, 86_400), (_hours, 3600), (_minutes, 60):
        if passed >= length:
            return told(int(passed // length))
    return _("less than a minute")


def period(seconds: float) -> str:
    """``5 minutes``, of something that comes again."""
    for told, one, length in (
        (_days, _("day"), 86_400),
        (_hours, _("hour"), 3600),
        (_minutes, _("minute"), 60),
    ):
        if seconds >= length and seconds % length == 0:
            count = int(seconds // length)
            return told(count) if count > 1 else one
    return _("%(count)s seconds") % {"count": f"{seconds:g}"}


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}


def many(count: int) -> str:
    """``12,345``."""
    if (locale := _locale()) is None:
        return f"{count:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415

    return format_decimal(count, locale=locale)


def _figure(value: float | Decimal, places: int) -> str:
    """With so many decimals, and no groups."""
    if (locale := _locale()) is None:
        return f"{value:.{places}f}"
    from babel.numbers import format_decimal  # noqa: PLC0415

    return format_decimal(value, "0." + "0" * places if places else "0", locale=locale)


def ms_of(milliseconds: float | None) -> str:
    """``0.4 ms``, ``12 ms``, ``1.2 s``."""
    if milliseconds is None:
        return ""
    if milliseconds >= 1000:
        return f"{_figure(milliseconds / 1000, 1)} s"
    return f"{_figure(milliseconds, 1 if milliseconds < 10 else 0)} ms"


def size_of(count: int | None) -> str:
    if count is None:
        return ""
    for name, length in (("MB", 1_000_000), ("kB", 1000)):
        if count >= length:
            return f"{_figure(count / length, 1)} {name}"
    return _("%(count)s bytes") % {"count": count}


def money(amount: Decimal) -> str:
    """With two decimals, or as many more as it has."""
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    if (locale := _locale()) is None:
        return f"{amount:.{places}f}"
    from babel.numbers import format_decimal  # noqa: PLC0415

    return format_decimal(amount, "#,##0." + "0" * places, locale=locale)


def money_text(amount: Decimal, currency: str) -> str:
    """``12.50 EUR``; by Babel ``12,50 €`` where that is usual, for a currency that it knows."""
    locale = _locale()
    if locale is None or not currency:
        return f"{money(amount)} {currency}".strip()
    from babel.numbers import format_currency  # noqa: PLC0415

    pattern = locale.currency_formats["standard"].pattern
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        pattern = pattern.replace("0.00", "0." + "0" * -exponent)
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)
