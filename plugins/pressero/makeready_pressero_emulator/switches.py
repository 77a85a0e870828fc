"""What can be switched: every behaviour of Pressero that is not known, and every fault on demand."""

from collections.abc import Mapping

from makeready_hooks.testing.emulation import Switch


def _on_off(name: str, default: str, text: str) -> Switch:
    return Switch(name=name, default=default, help=text, choices=("on", "off"))


def _number(name: str, default: str, text: str) -> Switch:
    return Switch(name=name, default=default, help=text)


HASH_FORMS = tuple(
    f"{order}-{form}" for order in ("key-body", "body-key") for form in ("hex-lower", "hex-upper", "base64")
)

QUESTIONS = ("works", "finds-nothing", "everything")

UNKNOWNS = (
    _on_off("rate-limit", "on", "Answer 429 to more than 10 API requests in 10 s from one address."),
    _on_off("retry-after", "off", "Send Retry-After with a 429."),
    Switch(
        name="message-hash",
        default="key-body-hex-lower",
        help="How MessageHash is made from the security key and the body.",
        choices=HASH_FORMS,
    ),
    _number("webhook-type-shift", "0", "Added to the number in Type: a receiver that relies on it fails."),
    _on_off("webhook-stage-members", "on", "Name item and stage in OrderItemStatusChanged."),
    _number("webhook-retries", "0", "Further attempts after a delivery that failed."),
    _number("webhook-retry-s", "1", "Seconds between attempts."),
    _on_off("order-placed-when-pending", "on", "Send OrderPlaced for an order that waits for approval."),
    _on_off("pending-page", "off", "Make an order only when it is approved; before, no call shows it."),
    _number("token-calls", "0", "A token is refused after that many calls; 0 is never."),
    _number("token-minutes", "0", "A token is refused after that many minutes; 0 is never."),
    Switch(
        name="bad-login-status",
        default="401",
        help="Answer to wrong credentials.",
        choices=("400", "401", "403"),
    ),
    _on_off("bare-token", "off", "Accept an Authorization header that is only the token."),
    _on_off("v1-token", "on", "Offer the older token route."),
    _on_off("cart-price-warning", "off", "Answer 400 to an item that was added to the cart."),
    _number("stale-reads-s", "0", "Seconds for which reads show an item as it was before an update."),
    Switch(name="dates-zone", default="none", help="Zone suffix of dates.", choices=("none", "Z")),
    Switch(
        name="plugin-form",
        default="json",
        help="How the pricing engine is asked; an older set-up uses SOAP.",
        choices=("json", "soap", "soap12"),
    ),
    Switch(
        name="plugin-soap-quantity",
        default="parameter",
        help="Where a SOAP price call has the quantity.",
        choices=("parameter", "option"),
    ),
    Switch(name="plugin-operation", default="price", help="Value of operation in a price call."),
    Switch(
        name="plugin-customer",
        default="null",
        help="What a price call says about the customer.",
        choices=("null", "string", "object"),
    ),
    _on_off("plugin-composite-keys", "off", "Send option keys as prefix:id."),
    _on_off("plugin-numeric-values", "off", "Send option values that are digits as JSON numbers."),
    Switch(
        name="plugin-price-member",
        default="Price",
        help="Member of a price answer that is read.",
        choices=("Price", "TotalPrice", "price"),
    ),
    Switch(
        name="plugin-credentials",
        default="none",
        help="How user and access token go to the plug-in.",
        choices=("none", "header", "query"),
    ),
    _number("plugin-timeout-s", "10", "Seconds to wait for the plug-in."),
    Switch(name="country", default="code", help="Countries in orders.", choices=("code", "name")),
    Switch(name="item-files", default="Files", help="Member that lists an item's files; absent for none."),
    Switch(
        name="allowed-groups",
        default="objects",
        help="Groups in product details.",
        choices=("objects", "ids"),
    ),
    _on_off("product-extras", "on", "Show members in product details that were not seen there."),
    Switch(
        name="inferred-product-members",
        default="on",
        help="Honour Categories, FileUploads and CalcConfiguration, ignore them, or refuse them.",
        choices=("on", "off", "refuse"),
    ),
    Switch(
        name="product-create-status",
        default="200",
        help="Status of a product create.",
        choices=("200", "201"),
    ),
    Switch(
        name="duplicate-url-name",
        default="suffix",
        help="A second product of the same UrlName gets another name, or is refused.",
        choices=("suffix", "refuse"),
    ),
    Switch(
        name="external-id-member",
        default="ExternalId",
        help="Member of a user with the external id.",
        choices=("ExternalId", "IntegrationId", "MisId"),
    ),
    Switch(
        name="stock-drawn-at", default="order", help="When stock goes down.", choices=("order", "completed")
    ),
    Switch(
        name="stock-adjustments",
        default="work",
        help="The call that moves a stock level works, is not there, or is answered and does nothing.",
        choices=("work", "absent", "ignored"),
    ),
    Switch(
        name="stock-search",
        default="works",
        help="A search for stock items heeds its filters, finds nothing, or ignores them.",
        choices=QUESTIONS,
    ),
    Switch(
        name="shipment-list",
        default="works",
        help="The list of an item's shipments has these, nothing, or those of all items.",
        choices=QUESTIONS,
    ),
    Switch(
        name="same-number",
        default="refuse",
        help="An order under a number that is taken is refused; or it is taken, and calls by number mean that one.",
        choices=("refuse", "oldest", "newest"),
    ),
    _on_off("site-list", "on", "Offer the list of sites."),
    _on_off("group-list", "on", "Offer the list of a site's groups."),
    _on_off("category-list", "on", "Offer the list of a site's categories."),
)

FAULTS = (
    Switch(
        name="fault-path",
        default="/api/",
        help="Faults hit requests whose 'VERB /path' contains this text, whatever its case.",
    ),
    _number("fault-limit", "0", "At most that many faults; 0 is no limit."),
    _number("answer-lost", "0", "Rate: the effect happens, then the connection is cut."),
    _number("late-effect", "0", "Rate: the connection is cut, the effect happens seconds later."),
    _number("late-effect-s", "2", "Seconds until a late effect."),
    _number("error-before", "0", "Rate: an error status without an effect."),
    _number("error-after", "0", "Rate: an error status although the effect happened."),
    _number("error-status", "500", "Status of the two errors above."),
    _number("html-error", "0", "Rate: status 502 with an HTML page, without an effect."),
    _number("slow", "0", "Rate: the answer takes longer."),
    _number("slow-s", "5", "Seconds added to a slow answer."),
    _number("hang", "0", "Rate: no effect and no answer."),
    _number("hang-s", "60", "Seconds until a hanging connection is cut."),
    _number("reset", "0", "Rate: the connection is reset, without an effect."),
    _number("truncated-json", "0", "Rate: the effect happens, the body is cut in half."),
    _number("page-size-change", "0", "Page size that is forced from the second page on; 0 is none."),
    _number("page-cap", "0", "Most rows of a page, whatever is asked for; 0 is none."),
    _on_off("page-total", "on", "Tell how many rows a list has."),
    _number("webhook-duplicates", "0", "Rate: a webhook is delivered twice."),
    _number("webhook-reorder", "0", "Rate: a webhook is overtaken by the next ones."),
    _number("webhook-loss", "0", "Rate: a webhook is never delivered."),
    _number("webhook-delay-s", "0", "Seconds before a webhook is delivered."),
    _number("late-files-s", "0", "Seconds until the files of an item are there."),
)

SWITCHES = UNKNOWNS + FAULTS

_BY_NAME = {switch.name: switch for switch in SWITCHES}


class Switchboard:
    """The switches of one running emulator."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._values = {switch.name: switch.default for switch in SWITCHES}
        self._numbers: dict[str, float] = {}
        self.set(given)

    def set(self, given: Mapping[str, str]) -> None:
        """Change some. Raises ValueError, and changes nothing, if a name or a value is not known."""
        for name, value in given.items():
            _check(name, value)
        self._values.update(given)
        self._numbers = {s.name: float(self._values[s.name]) for s in SWITCHES if _is_number(s)}

    def all(self) -> dict[str, str]:
        return dict(self._values)

    def text(self, name: str) -> str:
        return self._values[name]

    def on(self, name: str) -> bool:
        return self._values[name] == "on"

    def number(self, name: str) -> float:
        return self._numbers[name]


def _is_number(switch: Switch) -> bool:
    return not switch.choices and switch.default.isdigit()


def _check(name: str, value: str) -> None:
    switch = _BY_NAME.get(name)
    if switch is None:
        raise ValueError(f"there is no switch {name!r}")
    if switch.choices and value not in switch.choices:
        raise ValueError(f"{name} is one of {', '.join(switch.choices)}, not {value!r}")
    if _is_number(switch):
        try:
            negative = float(value) < 0
        except ValueError:
            raise ValueError(f"{name} is a number, not {value!r}") from None
        if negative and name != "webhook-type-shift":
            raise ValueError(f"{name} is not negative")
