"""The API's functions: path, verb, how sure we are of it, and who answers. The docs are made from this."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from makeready_tharstern.emulator import estimates, orders, products
from makeready_tharstern.emulator.calls import Call
from makeready_tharstern.emulator.replies import Answer
from makeready_tharstern.emulator.site import Site

Handler = Callable[[Site, Call], Answer]

_NO_ITEMS = {"TotalItemCount": 0, "Items": []}


class Endpoint(Struct, frozen=True, kw_only=True):
    verb: str
    path: str
    """As clients write it, after ``/TharsternAPI/api/``."""
    mark: str
    """``seen``: in a source; ``inferred``: concluded from one; ``switch``: only if a switch is on."""
    source: str
    about: str
    handler: Handler
    needs_token: bool = True
    takes_time: bool = False
    """True if ``estimate-s`` slows it down."""
    empty: Mapping[str, Any] = {}
    """Details of a success with an empty result."""


def _get(path: str, source: str, about: str, handler: Handler, **more: Any) -> Endpoint:
    return Endpoint(verb="GET", path=path, mark="seen", source=source, about=about, handler=handler, **more)


def _list(path: str, source: str, about: str, handler: Handler) -> Endpoint:
    return _get(path, source, about, handler, empty=_NO_ITEMS)


def _post(path: str, source: str, about: str, handler: Handler, **more: Any) -> Endpoint:
    return Endpoint(verb="POST", path=path, mark="seen", source=source, about=about, handler=handler, **more)


ENDPOINTS = (
    _get(
        "authentication/GenerateAPIToken", "S2 S3", "a token, or the zero GUID", products.generate_token,
        needs_token=False,
    ),
    _list("products", "S2 S3 S5a", "all, by productCode, by id, by customer", products.list_products),
    _list("producttypes", "S2 S5a", "all, by id", products.list_product_types),
    _get("EstRequest/{productTypeId}/Example", "S3 S5f", "a request with defaults", estimates.example),
    _post("estrequest", "S2 S3", "price, and leave an estimate", estimates.create, takes_time=True),
    _list("estimates", "S2 S4", "by id[n], estimateRef[n], keyword", estimates.find),
    _post(
        "estimate/newestimatefromexisting", "S2", "the same in another quantity",
        estimates.create_from_existing, takes_time=True,
    ),
    _post("orders/submit", "S1 S2 S3", "orders, with artwork to fetch", orders.submit, empty={"Orders": []}),
    _list("orders", "S2", "by orderIDs[n], orderNOs[n]", orders.find),
    _post("orders/submitorderasset", "S2", "a file after the order", orders.submit_asset),
)  # fmt: skip

_BY_FUNCTION: dict[str, dict[str, Endpoint]] = {}
for _endpoint in ENDPOINTS:
    _BY_FUNCTION.setdefault(_endpoint.path.lower(), {})[_endpoint.verb] = _endpoint
_PATTERNS = [
    (re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path))), verbs)
    for path, verbs in _BY_FUNCTION.items()
    if "{" in path
]


def find_endpoint(function: str) -> tuple[Mapping[str, Endpoint], tuple[str, ...]]:
    """The endpoints of a function by verb, and the variable parts of its path; none for an unknown one."""
    verbs = _BY_FUNCTION.get(function)
    if verbs:
        return verbs, ()
    for pattern, by_verb in _PATTERNS:
        if match := pattern.fullmatch(function):
            return by_verb, match.groups()
    return {}, ()
