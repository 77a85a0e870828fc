"""How a price came about, step by step, for people and for scripts."""

import time
from decimal import Decimal
from typing import Annotated

from makeready.prices.model import PriceRules
from makeready_hooks.model.price import NoPrice, Options, PriceQuestion, Quote
from msgspec import Meta, Struct


class PriceStep(Struct, frozen=True, kw_only=True):
    name: str
    text: str
    total: Annotated[
        Decimal | None, Meta(description="After this step; None where there is no price yet.")
    ] = None
    ms: Annotated[float, Meta(description="Milliseconds since the step before.")] = 0.0


class PriceTrace(Struct, frozen=True, kw_only=True):
    """One question, its answer, and how it came about."""

    product: str
    quantity: int
    site: str
    options: Options
    total: Decimal
    """0 if there is no price; then ``error`` says why."""
    weight_kg: Decimal = Decimal(0)
    error: str = ""
    """What the buyer reads."""
    customer: str = ""
    source: str = ""
    reference: str = ""
    known: str = ""
    """Where the MIS's price was had from."""
    age_s: float = 0.0
    steps: tuple[PriceStep, ...] = ()
    ms: float = 0.0


class PriceTracer:
    """Notes the steps of one price as they are made."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._steps: list[PriceStep] = []
        self._known = ""
        self._age_s = 0.0
        self._total: Decimal | None = None

    def known(self, where: str, age_s: float) -> None:
        self._known, self._age_s = where, max(0.0, age_s)
        self._note("the MIS's price", f"{where}, {self._age_s:.1f} s old")

    def trouble(self, text: str) -> None:
        self._note("trouble", text)

    def from_mis(self, quote: Quote) -> None:
        self._total = quote.total
        self._note("source", quote.source or "the MIS")
        if quote.unit_price is not None:
            since = f", from {quote.from_quantity}" if quote.from_quantity else ""
            self._note("break", f"{quote.unit_price} for one{since}")
        self._note("customer", quote.customer or "everybody's prices")

    def markup(self, quote: Quote, rules: PriceRules, site: str) -> Quote:
        whose = f"{rules.percent_for(site)} %" if rules.markup == "engine" else "left to the shop"
        self.total("mark-up", whose, quote.total)
        return quote

    def plugins(self, quote: Quote) -> Quote:
        changed = quote.total != self._total
        self.total("plugins", "changed it" if changed else "left it as it is", quote.total)
        return quote

    def total(self, name: str, text: str, total: Decimal) -> Decimal:
        """After a step that changes nothing else."""
        self._total = total
        self._note(name, text)
        return total

    def nothing(self, why: str) -> None:
        self._total = None
        self._note("no price", why)

    def end(self, question: PriceQuestion, site: str, answer: Quote | NoPrice) -> PriceTrace:
        quote = answer if isinstance(answer, Quote) else None
        return PriceTrace(
            product=question.product,
            quantity=question.quantity,
            site=site,
            options=quote.options if quote else question.options,
            total=quote.total if quote else Decimal(0),
            weight_kg=quote.weight_kg if quote else Decimal(0),
            error=answer.reason if isinstance(answer, NoPrice) else "",
            customer=quote.customer if quote else "",
            source=quote.source if quote else "",
            reference=quote.reference if quote else "",
            known=self._known,
            age_s=self._age_s,
            steps=tuple(self._steps),
            ms=_ms(time.perf_counter() - self._started),
        )

    def _note(self, name: str, text: str) -> None:
        now = time.perf_counter()
        self._steps.append(PriceStep(name=name, text=text, total=self._total, ms=_ms(now - self._last)))
        self._last = now


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
