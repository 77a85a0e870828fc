"""Every address of the application, found in it: what it takes, and what its parts are called."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from makeready.web.api.app import described
from makeready.web.app import API
from msgspec import Struct
from starlette.routing import BaseRoute, Mount, Route


class Place(Struct, frozen=True, kw_only=True, eq=False):
    method: str
    template: str
    """``/admin/subscribers/{subscriber}/orders``."""
    parts: tuple[str, ...]
    pattern: re.Pattern[str]
    query: tuple[tuple[str, Mapping[str, Any], bool], ...] = ()
    """Parameters that the API's document names, with their schemas, and whether they are needed."""
    body: Mapping[str, Any] | None = None
    """The schema of the body, likewise."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def is_api(self) -> bool:
        return self.template.startswith(f"{API}/")

    @property
    def is_form(self) -> bool:
        return self.method == "POST" and self.template.startswith("/admin/")


def places_of(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[Place]:
    document = described()
    for route in routes:
        if isinstance(route, Mount):
            yield from places_of(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            template = re.sub(r"{(\w+)(:\w+)?}", r"{\1}", prefix + route.path)
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                yield _place(method, template, document["paths"].get(template.removeprefix(API), {}))


def _place(method: str, template: str, described_as: Mapping[str, Any]) -> Place:
    operation = described_as.get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    pieces = re.split(r"({\w+})", template)
    pattern = "".join(f"(?P<{one[1:-1]}>[^/?]+)" if one.startswith("{") else re.escape(one) for one in pieces)
    return Place(
        method=method,
        template=template,
        parts=tuple(re.findall(r"{(\w+)}", template)),
        pattern=re.compile(pattern),
        query=tuple(
            (one["name"], one["schema"], one["required"])
            for one in operation.get("parameters", ())
            if one["in"] == "query"
        ),
        body=content.get("application/json", {}).get("schema"),
    )
