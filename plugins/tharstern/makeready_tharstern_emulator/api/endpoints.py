"""The API's functions: path, verb, how sure we are of it, who answers. The docs are made from this."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from makeready_hooks.testing.emulation import EmulatedCall
from msgspec import Struct

from makeready_tharstern_emulator.api import estimates, jobs, orders, papers, people, products
from makeready_tharstern_emulator.background import progress
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.replies import Answer

Handler = Callable[[Site, Call], Answer]

_NO_ITEMS = {"TotalItemCount": 0, "Items": []}


class Endpoint(Struct, frozen=True, kw_only=True):
    verb: str
    path: str
    """As clients write it, after ``/TharsternAPI/api/``."""
    source: str
    about: str
    handler: Handler
    mark: str = "seen"
    """``seen``: in a source; ``inferred``: concluded from one; ``switch``: only if a switch is on."""
    needs_token: bool = True
    takes_time: bool = False
    """True if ``estimate-s`` slows it down."""
    empty: Mapping[str, Any] = {}
    """Details of a success with an empty result."""


def _get(path: str, source: str, about: str, handler: Handler, **more: Any) -> Endpoint:
    return Endpoint(verb="GET", path=path, source=source, about=about, handler=handler, **more)


def _list(path: str, source: str, about: str, handler: Handler, **more: Any) -> Endpoint:
    return _get(path, source, about, handler, empty=_NO_ITEMS, **more)


def _post(path: str, source: str, about: str, handler: Handler, **more: Any) -> Endpoint:
    return Endpoint(verb="POST", path=path, source=source, about=about, handler=handler, **more)


_LOGIN = "authentication/GenerateAPIToken"
_AGAIN = "estimate/newestimatefromexisting"

ENDPOINTS = (
    _get(_LOGIN, "S2 S3", "a token, or the zero GUID", products.generate_token, needs_token=False),
    _list("products", "S2 S3 S5a", "all, by productCode, by id, by customer", products.list_products),
    _list("producttypes", "S2 S5a", "all, by id", products.list_product_types),
    _get("EstRequest/{productTypeId}/Example", "S3 S5f", "a request with defaults", estimates.example),
    _post("estrequest", "S2 S3 S4", "a price, and an estimate", estimates.create, takes_time=True),
    _list("estimates", "S2 S4", "by id[n], estimateRef[n], keyword", estimates.find),
    _post(_AGAIN, "S2", "the same in another quantity", estimates.create_from_existing, takes_time=True),
    _post("orders/submit", "S1 S2 S3", "orders, with artwork to fetch", orders.submit, empty={"Orders": []}),
    _list("orders", "S2", "by orderIDs[n], orderNOs[n]", orders.find),
    _list(
        "orderstatuses", "", "statuses of orders; off by a switch", progress.list_statuses, mark="inferred"
    ),
    _post("orders/submitorderasset", "S2", "a file after the order", orders.submit_asset),
    _post("job/createfromestimate", "S3 S4", "a job out of an estimate", jobs.create_from_estimate),
    _list("jobs", "S2", "by id[n], jobNo[n]", jobs.find),
    _post("job/update", "S2", "change a job", jobs.update),
    _post("job/createpredelivery", "S3 S4", "plan a delivery of a job", jobs.create_predelivery),
    _post("jdf/submitjobs", "S2", "send jobs to the workflow", jobs.submit_jobs),
    _list("customers", "S3", "by customerCode; by e-mail with a switch", people.list_customers),
    _post("customers", "S5c S6", "make customers", people.create_customers, mark="switch"),
    _list("contacts", "S3 S4", "by customerCode", people.list_contacts),
    _post("contacts", "S3 S4", "make contacts", people.create_contacts),
    _post("address/create", "S3 S4", "make a delivery address", people.create_address),
    _post("attachments", "S4", "files for estimates and jobs", papers.attach),
    _post("notes", "S4", "a note on an estimate or a job", papers.note),
)

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


def emulated_calls() -> tuple[EmulatedCall, ...]:
    """The functions as rows of the documentation."""
    return tuple(
        EmulatedCall(verb=e.verb, path=e.path, mark=f"{e.mark} {e.source}".strip(), about=e.about)
        for e in ENDPOINTS
    )
