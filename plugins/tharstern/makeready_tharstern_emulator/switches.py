"""The behaviours that can be changed: one switch per unknown of the vendor's, one per fault.

Values are texts, as on a command line. A *rate* is a share of calls (``0.05``) or the next few of
them (``next:2``); which calls a share hits depends on the seed only.
"""

from collections.abc import Callable, Mapping

from makeready_hooks.testing.emulation import Switch

from makeready_tharstern_emulator.assumed import Names
from makeready_tharstern_emulator.faults.rates import Rate

_MOST = 10**9


def _number(text: str) -> None:
    if not 0 <= float(text) <= _MOST:
        raise ValueError(f"write a number from 0 to {_MOST}")


_CHECKS: dict[str, Callable[[str], object]] = {}


def _rate(name: str, help_: str) -> Switch:
    _CHECKS[name] = Rate.parse
    return Switch(name=name, default="0", help=help_)


def _count(name: str, default: str, help_: str) -> Switch:
    _CHECKS[name] = _number
    return Switch(name=name, default=default, help=help_)


def _choice(name: str, choices: tuple[str, ...], help_: str) -> Switch:
    """The first choice is the default."""
    return Switch(name=name, default=choices[0], help=help_, choices=choices)


def _text(name: str, default: str, help_: str) -> Switch:
    return Switch(name=name, default=default, help=help_)


UNKNOWNS = (
    _count("token-calls", "0", "calls that a token lasts; 0: for ever"),
    _choice(
        "token-rotate", ("off", "on"), "a new token for the same user and application retires the last one"
    ),
    _choice(
        "expired-reply", ("401-json", "401-html", "200-false"), "the answer to an expired or unknown token"
    ),
    _choice(
        "duplicate-orders", ("second-order", "same-id", "refuse"), "a UniqueSubmitOrderID that came before"
    ),
    _text(
        "order-filter",
        "",
        "query of GET orders that finds by our reference: uniqueSubmitOrderID, ref1 or ref2",
    ),
    _choice(
        "order-filter-unknown",
        ("ignored", "finds-nothing"),
        "a query of GET orders that this site does not know: everything comes back, or nothing",
    ),
    _count("orders-visible-after-s", "0", "seconds until a saved order shows up in GET orders"),
    _text("customer-filter", "customerCode", "query of GET products that names the customer"),
    _choice(
        "customer-prices",
        ("asked", "listed"),
        "prices of customers: to who asks for the customer, or all in the product",
    ),
    _text("customer-email-filter", "", "query of GET customers that finds by e-mail; empty: there is none"),
    _choice("customer-create", ("off", "on"), "POST customers makes customers"),
    _count("page-size", "100", "items on a page of a list; 0: all on one page"),
    _count("page-size-later", "0", "items on the pages after the first, from its own start; 0: as the first"),
    _count("page-size-limit", "500", "the largest page size that a client can ask for"),
    _text("page-number-name", "pageNumber", "query that names the page, from 1"),
    _text("page-size-name", "pageSize", "query that names the page size"),
    _text("product-ids-name", "", "query that names several products as name[0]=…; empty: there is none"),
    _choice("page-members", ("off", "on"), "PageCount, PageNumber, PageSize beside TotalItemCount"),
    _choice("plain-arrays", ("off", "on"), "a repeated plain name= binds like name[0]="),
    _choice("model-state", ("arrays", "texts"), "what stands under a field in ModelState"),
    _choice("strict-customer", ("off", "on"), "orders of customers that are not known are refused"),
    _choice(
        "strict-country", ("off", "names", "codes"), "countries of addresses must be names, or ISO codes"
    ),
    _choice("estimate-required", ("off", "on"), "a made-to-order line without EstimateID is refused"),
    _choice("order-statuses", ("on", "off"), "GET orderstatuses lists the statuses of orders (assumed)"),
    _choice("allocate-stock", ("on", "off"), "an order allocates the stock of its plain lines"),
    _text("initial-status", "Received", "the status of a new order"),
    _count("estimate-s", "0", "seconds that an estimate takes"),
    _text(
        "field-map", "", "other names for assumed members: product.price=UnitPrice,order.number=OrderNumber"
    ),
    _choice("artwork", ("fetch", "off"), "fetch the files that orders and attachments point to"),
    _count("artwork-delay-s", "0", "seconds from the order to the fetch of its files"),
    _count("artwork-timeout-s", "30", "seconds that one file may take"),
    _rate("artwork-unreachable", "files that cannot be reached"),
)

WEBHOOKS = (
    _text("webhook-url", "", "where events are sent, on loopback only; empty: no webhooks"),
    _text("webhook-secret", "", "signs events with HMAC-SHA256 (assumed); empty: unsigned"),
    _count("webhook-tries", "3", "times that an event is sent until it is answered with 2xx"),
    _count("webhook-delay-s", "0", "seconds before an event is sent"),
    _count("webhook-retry-s", "1", "seconds between the tries"),
    _rate("webhook-lost", "events that are never sent"),
    _rate("webhook-twice", "events that are sent twice"),
    _rate("webhook-late", "events that wait until another one has been sent"),
)

FAULTS = (
    _rate("reset", "the connection is reset, nothing has happened"),
    _rate("hang", "no answer comes, nothing has happened"),
    _rate("error-before", "a 5xx, nothing has happened"),
    _rate("empty-success", "success with an empty result, nothing has happened"),
    _rate("token-expired", "a good token is treated as expired"),
    _rate("stale-read", "a reading call gets the last answer to the same call again"),
    _rate("effect-late", "the connection is cut, the effect comes seconds later"),
    _rate("answer-lost", "the effect happens, then the connection is cut without an answer"),
    _rate("error-after", "the effect happens, then a 5xx"),
    _rate("html-answer", "the effect happens, then an HTML page with status 200"),
    _rate("truncated", "the effect happens, the JSON of the answer stops in the middle"),
    _rate("estimate-false", "the estimate is made, the answer says Success=false"),
    _rate("slow", "the call takes slow-s longer"),
)

FAULT_SETTINGS = (
    _text("fault-path", "*", "functions that faults hit: orders/submit, estrequest*, …; commas between"),
    _text("fault-verb", "*", "verbs that faults hit: POST"),
    _choice("error-status", ("500", "502", "503"), "the status of error-before and error-after"),
    _choice("error-body", ("html", "json", "empty"), "what a 5xx carries"),
    _count("slow-s", "1", "seconds of slow"),
    _count("hang-s", "600", "seconds until hang closes the connection"),
    _count("effect-late-s", "2", "seconds from the cut to the effect of effect-late"),
)

SWITCHES = UNKNOWNS + WEBHOOKS + FAULTS + FAULT_SETTINGS
_CHECKS["field-map"] = Names


class Switches:
    """The values of all switches of one emulator."""

    def __init__(self, given: Mapping[str, str]) -> None:
        """Raises ValueError for an unknown switch or a value that it does not take."""
        self._known = {switch.name: switch for switch in SWITCHES}
        self._given = dict(given)
        self.reset()

    def reset(self) -> None:
        """Back to the values at the start."""
        self._values: dict[str, str] = {switch.name: switch.default for switch in SWITCHES}
        self._rates: dict[str, Rate] = {}
        self.names = Names()
        for name, value in self._given.items():
            self.set(name, value)

    def set(self, name: str, value: str) -> None:
        """Raises ValueError for an unknown switch or a value that it does not take."""
        self.check(name, value)
        self._values[name] = value
        if name == "field-map":
            self.names = Names(value)
        if _CHECKS.get(name) is Rate.parse:
            self._rates[name] = Rate.parse(value)

    def check(self, name: str, value: str) -> None:
        """Raises ValueError for what `set` would not take."""
        known = self._known.get(name)
        if known is None:
            raise ValueError(f"there is no switch {name!r}")
        if known.choices and value not in known.choices:
            raise ValueError(f"{name}: {value!r} is none of {', '.join(known.choices)}")
        try:
            _CHECKS.get(name, str)(value)
        except ValueError as exc:
            raise ValueError(f"{name}: {value!r}: {exc}") from exc

    def text(self, name: str) -> str:
        return self._values[name]

    def on(self, name: str) -> bool:
        return self._values[name] == "on"

    def number(self, name: str) -> float:
        return float(self._values[name])

    def whole(self, name: str) -> int:
        return int(float(self._values[name]))

    def rate(self, name: str) -> Rate | None:
        """The rate of a fault; None while it is off."""
        found = self._rates.get(name)
        return found if found and found.active else None

    def values(self) -> dict[str, str]:
        return dict(self._values)
