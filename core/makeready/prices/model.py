"""Prices as Structs, and the rules a subscriber sets for them."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from makeready_hooks import ListKind, asked, listed
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.price import Quote
from msgspec import Meta, Struct

from makeready.times import parse_time

Language = Literal["en", "fr", "de", "es", "nl"]
LANGUAGES = {"en": "English", "fr": "French", "de": "German", "es": "Spanish", "nl": "Dutch"}
MOST_PERCENT = 1000
CURRENCY = re.compile("[A-Z]{3}")


class PriceRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a buyer's price is asked, kept, and made from the MIS's."""

    deadline_s: Annotated[
        float,
        Meta(
            title="Answer every price request within",
            description="Whatever happens.",
            gt=0,
            le=60,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 4.0
    price_max_age_s: Annotated[
        float,
        Meta(
            title="Keep list prices for",
            description="A change in the MIS shows after this time. 0: always ask.",
            ge=0,
            le=86400,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 60.0
    estimate_max_age_s: Annotated[
        float,
        Meta(
            title="Keep estimates for",
            description="Every new estimate leaves a record in the MIS.",
            ge=0,
            le=2592000,
            extra_json_schema=asked(unit="s"),
        ),
    ] = 3600.0
    max_calls: Annotated[
        int,
        Meta(
            title="Price questions to the MIS at once",
            ge=1,
            le=100,
            extra_json_schema=asked(unit="questions"),
        ),
    ] = 8
    product_questions_per_hour: Annotated[
        int,
        Meta(
            title="Limit of questions about one product",
            description=(
                "So many reach the MIS in an hour, a quarter of them at once. Beyond it the last known "
                "price is given, or none."
            ),
            ge=1,
            le=100000,
            extra_json_schema=asked(unit="an hour"),
        ),
    ] = 240
    questions_per_hour: Annotated[
        int,
        Meta(
            title="Limit of questions about all products",
            description="The same for all products together.",
            ge=1,
            le=1000000,
            extra_json_schema=asked(unit="an hour"),
        ),
    ] = 6000
    unlinked_questions_per_hour: Annotated[
        int,
        Meta(
            title="Limit for products that are not linked",
            description="The same for all of them together.",
            ge=1,
            le=100000,
            extra_json_schema=asked(unit="an hour"),
        ),
    ] = 60
    outage: Annotated[
        Literal["serve", "refuse", "refuse-after"],
        Meta(
            title="If the MIS is down",
            description="What a buyer gets.",
            extra_json_schema=asked(
                first=True,
                labels={
                    "serve": "Last known price",
                    "refuse": "No price",
                    "refuse-after": "Last known price for a while",
                },
            ),
        ),
    ] = "refuse-after"
    outage_minutes: Annotated[
        float,
        Meta(
            title="For at most",
            description="How old that price may be: only for the last known price for a while.",
            gt=0,
            le=525600,
            extra_json_schema=asked(unit="minutes", first=True),
        ),
    ] = 60.0
    markup: Annotated[
        Literal["shop", "engine"],
        Meta(
            title="Mark-up is added by",
            description=(
                "Never both: products that were imported with a mark-up must be set to 0 in the shop first."
            ),
            extra_json_schema=asked(
                first=True, labels={"shop": "The shop, per product", "engine": "Makeready, for all"}
            ),
        ),
    ] = "shop"
    markup_percent: Annotated[
        Decimal,
        Meta(
            title="Mark-up",
            description="Only if Makeready adds it.",
            extra_json_schema=asked(unit="%", first=True),
        ),
    ] = Decimal(0)
    site_markup_percents: Annotated[
        dict[str, Decimal],
        Meta(
            title="Other mark-up for a site",
            description="In per cent.",
            extra_json_schema=listed(names=ListKind.SITES),
        ),
    ] = {}
    shop_markups_removed_at: Annotated[
        str,
        Meta(
            title="Mark-ups were taken out of the shop at",
            description=(
                "In UTC, such as 2026-03-02 09:15:00. Products that were imported before have none of "
                "their own any more, so that Makeready may add its own."
            ),
        ),
    ] = ""
    rounding: Annotated[
        Literal["none", "cent", ".95", ".99"],
        Meta(
            title="Round the line total",
            description="Half a cent up, or up to the next amount with these cents.",
            extra_json_schema=asked(
                first=True,
                labels={"none": "No", "cent": "To the cent", ".95": "Up to .95", ".99": "Up to .99"},
            ),
        ),
    ] = "none"
    minimum_price: Annotated[
        Decimal, Meta(title="Smallest line total", extra_json_schema=asked(first=True))
    ] = Decimal(0)
    currencies: Annotated[
        dict[str, str],
        Meta(
            title="Currency",
            description=(
                "Where a vendor does not tell it: such as GBP, by the connector's name or a site's "
                "domain. Amounts in two currencies are refused."
            ),
        ),
    ] = {}
    language: Annotated[
        Language,
        Meta(
            title="Language of price messages",
            description="What a buyer reads where there is no price.",
            extra_json_schema=asked(labels=LANGUAGES),
        ),
    ] = "en"
    site_languages: Annotated[
        dict[str, Language],
        Meta(
            title="Other language for a site",
            extra_json_schema=listed(names=ListKind.SITES) | asked(labels=LANGUAGES),
        ),
    ] = {}

    def __post_init__(self) -> None:
        for percent in (self.markup_percent, *self.site_markup_percents.values()):
            if not (percent.is_finite() and 0 <= percent <= MOST_PERCENT):
                raise ValueError(f"a mark-up in prices must be from 0 to {MOST_PERCENT} per cent")
        if self.markup == "shop" and (self.markup_percent or self.site_markup_percents):
            raise ValueError(
                'prices.markup_percent needs markup = "engine"; otherwise the shop adds a mark-up of its own'
            )
        try:
            parse_time(self.shop_markups_removed_at, field="prices.shop_markups_removed_at")
        except ConfigError as exc:
            raise ValueError(f"prices.shop_markups_removed_at is no moment: {exc}") from None
        if not all(CURRENCY.fullmatch(one) for one in self.currencies.values()):
            raise ValueError("a currency in prices.currencies is three capital letters, such as GBP")
        if not (self.minimum_price.is_finite() and self.minimum_price >= 0):
            raise ValueError("prices.minimum_price must be an amount, 0 or more")

    @property
    def removed_at(self) -> float:
        """When the shop's mark-ups were taken out; 0 if nobody did."""
        return parse_time(self.shop_markups_removed_at, field="prices.shop_markups_removed_at") or 0.0

    def percent_for(self, site: str) -> Decimal:
        """What we add; 0 where the shop does."""
        return self.site_markup_percents.get(site, self.markup_percent)

    def language_for(self, site: str) -> Language:
        return self.site_languages.get(site, self.language)


class PriceOutcome(StrEnum):
    """How a buyer's question for a price was answered."""

    KEPT = "kept"
    """With a price that was had before and is fresh."""
    ASKED = "asked"
    """With the MIS's answer to this question."""
    LAST_KNOWN = "last_known"
    """With the last known price, since the MIS gave none."""
    OVER_BUDGET = "over_budget"
    """The same, or a reason why there is no price, since more is asked than the company's budget allows."""
    REFUSED = "refused"
    """With a reason why there is no price."""


class AnswerKey(NamedTuple):
    """Answers that are counted together."""

    subscriber: str
    hour: int
    """Since 1970."""
    outcome: PriceOutcome
    bucket: int
    """How fast; by half an octave, from half a millisecond on."""


class PriceCount(Struct, frozen=True, kw_only=True):
    """So many questions of an hour that were answered alike, and about equally fast."""

    subscriber: str
    hour: int
    """Since 1970."""
    outcome: PriceOutcome
    bucket: int
    """As in `AnswerKey`."""
    n: int


class KnownPrice(Struct, frozen=True, kw_only=True):
    """A price as the MIS gave it."""

    quote: Quote
    at: float
    """When it was asked for."""


class EstimateRow(Struct, frozen=True, kw_only=True):
    """An estimate of the MIS, and what it was made for."""

    reference: str
    customer: str
    options: tuple[tuple[str, str], ...]
    at: float
