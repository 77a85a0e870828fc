"""Prices as Structs, and the rules a subscriber sets for them."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from makeready_hooks import ListKind, listed
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.price import Quote
from msgspec import Meta, Struct

from makeready.times import parse_time

Language = Literal["en", "fr", "de", "es", "nl"]
MOST_PERCENT = 1000
CURRENCY = re.compile("[A-Z]{3}")


class PriceRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a buyer's price is asked, kept, and made from the MIS's."""

    deadline_s: Annotated[
        float,
        Meta(gt=0, le=60, description="Seconds within which every price call is answered, whatever happens."),
    ] = 4.0
    price_max_age_s: Annotated[
        float,
        Meta(
            ge=0,
            le=86_400,
            description="How old a price from a price list may be; 0: the MIS is always asked.",
        ),
    ] = 60.0
    estimate_max_age_s: Annotated[
        float,
        Meta(
            ge=0,
            le=2_592_000,
            description="The same for estimates: each question leaves a record in the MIS.",
        ),
    ] = 3600.0
    max_calls: Annotated[
        int, Meta(ge=1, le=100, description="Questions that are asked of the MIS at the same time.")
    ] = 8
    product_questions_per_hour: Annotated[
        int,
        Meta(
            ge=1,
            le=100_000,
            description=(
                "Questions about one product that reach the MIS in an hour, a quarter of them at once. Beyond it the last "
                "known price is given, or none."
            ),
        ),
    ] = 240
    questions_per_hour: Annotated[
        int, Meta(ge=1, le=1_000_000, description="The same for all products together.")
    ] = 6000
    unlinked_questions_per_hour: Annotated[
        int,
        Meta(ge=1, le=100_000, description="The same for all products together that are not linked."),
    ] = 60
    outage: Annotated[
        Literal["serve", "refuse", "refuse-after"],
        Meta(
            description=(
                "While the MIS cannot be asked: the last known price, no price, or the last known one for a "
                "while."
            )
        ),
    ] = "refuse-after"
    outage_minutes: Annotated[
        float, Meta(gt=0, le=525_600, description="For ``refuse-after``: how old that price may be.")
    ] = 60.0
    markup: Annotated[
        Literal["shop", "engine"],
        Meta(description="Who adds the mark-up: the shop, by its products' own setting, or we. Never both."),
    ] = "shop"
    markup_percent: Decimal = Decimal(0)
    site_markup_percents: Annotated[
        dict[str, Decimal],
        Meta(
            extra_json_schema=listed(names=ListKind.SITES),
            description="Another mark-up for a site, by its domain.",
        ),
    ] = {}
    shop_markups_removed_at: Annotated[
        str,
        Meta(
            description=(
                "When the mark-up of the products that were imported with one was taken out in the shop, in "
                "UTC, such as 2026-03-02 09:15:00. Those that were made before have none any more, so that we"
                " may add ours."
            )
        ),
    ] = ""
    rounding: Annotated[
        Literal["none", "cent", ".95", ".99"],
        Meta(description="Of the total: half a cent up, or up to the next amount with these cents."),
    ] = "none"
    minimum_price: Annotated[Decimal, Meta(description="The least that a line costs.")] = Decimal(0)
    currencies: Annotated[
        dict[str, str],
        Meta(
            extra_json_schema=listed(names=ListKind.SITES),
            description=(
                "Where a vendor does not tell it: the currency of its amounts, such as GBP, by the connector's name, or by "
                "a site's domain. Amounts in two currencies are refused."
            ),
        ),
    ] = {}
    language: Annotated[Language, Meta(description="Of what a buyer reads where there is no price.")] = "en"
    site_languages: Annotated[dict[str, Language], Meta(extra_json_schema=listed(names=ListKind.SITES))] = {}

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


class PriceCount(Struct, frozen=True, kw_only=True):
    """So many questions of an hour that were answered alike, and about equally fast."""

    subscriber: str
    hour: int
    """Since 1970."""
    outcome: PriceOutcome
    bucket: int
    """See `makeready.prices.latency`."""
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
