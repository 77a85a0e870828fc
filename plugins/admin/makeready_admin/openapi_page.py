"""The API for people: one page made from the OpenAPI document, without anything from outside."""

import base64
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from makeready.web.api.app import described
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

STYLE = """
:root{color-scheme:light dark;--line:#d5d9e0;--accent:#0b6bcb}
@media(prefers-color-scheme:dark){:root{--line:#3a4150;--accent:#7db8f5}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
a{color:var(--accent)}code,td:first-child{font:14px/1.7 ui-monospace,monospace}
section{border-top:1px solid var(--line);padding:.5rem 0 1rem}
h2{margin:2.5rem 0 .5rem}h3{font-size:1.05rem;margin:.6rem 0}
.method{font-weight:700;color:var(--accent)}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
nav{columns:2 18rem;padding:.5rem 0}nav div{break-inside:avoid;padding-bottom:.8rem}nav a{display:block}
"""

# Cells and rows end by themselves in HTML: the page is small however many operations there are.
PAGE = """<!doctype html>
{% macro kind(parts) %}
{% for text, shape in parts %}{{ text }}{% if shape %}<a href="#{{ shape }}">{{ shape }}</a>{% endif %}{% endfor %}
{% endmacro %}
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Makeready: JSON API</title><style>{{ style }}</style></head><body>
<h1>JSON API</h1>
<p>{{ about }} Addresses are below <code>/api/v1</code>; the same as data:
<a href="/api/v1/openapi.json">openapi.json</a>. An answer is JSON where nothing else is said. Any call can have the
problems {{ everywhere }}.</p>
<p>{{ token }}</p>
<nav aria-label="Operations">{% for group, operations in groups %}<div><strong>{{ group }}</strong>
{% for one in operations %}<a href="#{{ one.id }}">{{ one.summary }}</a>{% endfor %}</div>{% endfor %}</nav>
{% for group, operations in groups %}<h2>{{ group }}</h2>
{% for one in operations %}<section id="{{ one.id }}"><h3>{{ one.summary }}</h3>
<p><span class="method">{{ one.method }}</span> <code>{{ one.path }}</code> needs {{ one.scopes }}</p>
{% if one.parameters %}<table aria-label="Parameters">
{% for p in one.parameters %}<tr><td>{{ p.name }}<td>{{ kind(p.kind) }}{{ p.what }}{% endfor %}
</table>{% endif %}
<p>{% if one.body %}Body: {{ kind(one.body) }}. {% endif %}
Answer: {% for media_type, parts in one.answers %}
{{ kind(parts) }}{% if media_type != json %} as <code>{{ media_type }}</code>{% endif %}
{{ "; " if not loop.last }}{% endfor %}.
{% if one.problems %}Problems: {{ one.problems | join(", ") }}.{% endif %}</p>
</section>{% endfor %}{% endfor %}
<h2>Problems</h2><table>
{% for status, why in problems %}<tr><td>{{ status }}<td>{{ why }}{% endfor %}
</table>
<h2>Shapes</h2>
{% for one in shapes %}<section id="{{ one.name }}"><h3>{{ one.name }}</h3>
{% if one.about %}<p>{{ one.about }}</p>{% endif %}
{% if not one.members %}<p>{{ kind(one.kind) }}</p>{% endif %}
{% if one.members %}<table>
{% for m in one.members %}<tr><td>{{ m.name }}</td><td>{{ kind(m.kind) }}{{ m.what }}{% endfor %}
</table>{% endif %}
</section>{% endfor %}</body></html>
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


JSON = "application/json"
Parts = list[tuple[str, str]]
"""Of a sentence: text, and the name of a shape that follows it, or ""."""
LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "minLength": "characters at least",
    "maxLength": "characters at most",
    "minItems": "at least so many:",
    "maxItems": "at most so many:",
    "default": "else",
}


def as_page(document: Mapping[str, Any]) -> str:
    """The OpenAPI document as HTML: operations by group, then each shape once."""
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    operations = [
        (path, method, one) for path, methods in document["paths"].items() for method, one in methods.items()
    ]
    problems = {status: why for _, _, one in operations for status, why in _problems(one).items()}
    everywhere = [status for status in problems if all(status in _problems(one) for _, _, one in operations)]
    for path, method, one in operations:
        groups[one["tags"][0]].append(_described(path, method, one, everywhere))
    import jinja2  # noqa: PLC0415 - as in `makeready_admin.web.frame`

    page = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(PAGE)
    return page.render(
        style=STYLE,
        about=document["info"]["description"].replace("`", ""),
        token=document["components"]["securitySchemes"]["token"]["description"].replace("`", ""),
        groups=list(groups.items()),
        problems=sorted(problems.items()),
        everywhere=", ".join(sorted(everywhere)),
        json=JSON,
        shapes=[_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items())],
    )


def _problems(one: Mapping[str, Any]) -> dict[str, str]:
    """What an operation answers if it cannot be done, by status."""
    return {status: why["description"] for status, why in one["responses"].items() if status != "200"}


def _described(path: str, method: str, one: Mapping[str, Any], everywhere: Collection[str]) -> dict[str, Any]:
    """``everywhere``: problems that are told once for all."""
    content = one["responses"]["200"]["content"]
    body = one.get("requestBody", {}).get("content", {}).get(JSON)
    return {
        "id": one["operationId"],
        "summary": one["summary"],
        "method": method.upper(),
        "path": path,
        "scopes": ", ".join(one["security"][0]["token"]),
        "parameters": [_member(p["name"], p["schema"]) for p in one["parameters"] if p["in"] == "query"],
        "body": _kind(body["schema"]) if body else [],
        "answers": [(media_type, _kind(given["schema"])) for media_type, given in content.items()],
        "problems": [status for status in _problems(one) if status not in everywhere],
    }


def _shape(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "about": schema.get("description", ""),
        "kind": _kind(schema),
        "members": [_member(member, inner) for member, inner in schema.get("properties", {}).items()],
    }


def _member(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    limits = [
        f"{words} {json.dumps(schema[limit])}"
        for limit, words in LIMITS.items()
        if schema.get(limit) not in (None, "")
    ]
    about = f". {schema['description']}" if schema.get("description") else ""
    return {"name": name, "kind": _kind(schema), "what": "".join(f", {one}" for one in limits) + about}


def _kind(schema: Mapping[str, Any]) -> Parts:
    """What a value is, in words and names of shapes."""
    if "$ref" in schema:
        return [("", schema["$ref"].rpartition("/")[2])]
    if "anyOf" in schema:
        return _joined(" or ", schema["anyOf"])
    if "enum" in schema:
        return [(", ".join(map(str, schema["enum"])), "")]
    if "prefixItems" in schema:
        return [("the list of ", ""), *_joined(" and ", schema["prefixItems"])]
    if schema.get("type") == "array":
        return [("list of ", ""), *_kind(schema.get("items", {}))]
    if isinstance(inner := schema.get("additionalProperties"), dict):
        return [("by name: ", ""), *_kind(inner)]
    return [(str(schema.get("format") or schema.get("type", "anything")), "")]


def _joined(word: str, schemas: Sequence[Mapping[str, Any]]) -> Parts:
    first, *others = [_kind(one) for one in schemas]
    return [*first, *(part for kind in others for part in [(word, ""), *kind])]


def openapi_page_route() -> Route:
    return Route("/api/v1/docs", _show, methods=["GET"])


async def _show(request: Request) -> Response:
    return HTMLResponse(_page(), headers=HEADERS)


@cache
def _page() -> str:
    return as_page(described())
