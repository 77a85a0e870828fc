"""The API for people: one page made from the table of operations, without anything from outside."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import jinja2

STYLE = """
:root{color-scheme:light dark;--line:#d5d9e0;--soft:#f4f5f7;--accent:#0b6bcb}
@media(prefers-color-scheme:dark){:root{--line:#3a4150;--soft:#20252e;--accent:#7db8f5}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
a{color:var(--accent)}code,pre{font:14px/1.5 ui-monospace,monospace}
pre{background:var(--soft);padding:.8rem;overflow-x:auto;border-radius:.4rem}
section{border-top:1px solid var(--line);padding:.5rem 0 1rem}
h2.group{margin:2.5rem 0 .5rem}h3{font-size:1.05rem;margin:.6rem 0}
.method{font-weight:700;color:var(--accent)}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
nav{columns:2 18rem;padding:.5rem 0}nav div{break-inside:avoid;padding-bottom:.8rem}nav a{display:block}
nav .method{font-size:.8rem}.scopes{color:inherit;opacity:.75;padding-left:.6rem}summary{cursor:pointer;color:var(--accent)}
"""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Makeready: JSON API</title><style>{{ style }}</style></head><body>
<h1>JSON API</h1>
<p>{{ about }} Addresses are below <code>/api/v1</code>; the same as data:
<a href="/api/v1/openapi.json">openapi.json</a>.</p>
<p>{{ token }}</p>
<nav aria-label="Operations">{% for group, operations in groups %}<div><strong>{{ group }}</strong>
{% for one in operations %}<a href="#{{ one.id }}"><span class="method">{{ one.method }}</span>
{{ one.summary }}</a>{% endfor %}</div>{% endfor %}</nav>
{% for group, operations in groups %}<h2 class="group">{{ group }}</h2>
{% for one in operations %}<section id="{{ one.id }}"><h3>{{ one.summary }}</h3>
<p><span class="method">{{ one.method }}</span> <code>{{ one.path }}</code> <span class="scopes">{{ one.scopes }}</span></p>
{% if one.parameters %}<table>
<thead><tr><th scope="col">parameter</th><th scope="col">in</th><th scope="col">what</th></tr></thead><tbody>
{% for p in one.parameters %}<tr><td><code>{{ p.name }}</code></td><td>{{ p.in }}</td><td>{{ p.what }}</td></tr>{% endfor %}
</tbody></table>{% endif %}
{% if one.body %}<details><summary>Body</summary><pre>{{ one.body }}</pre></details>{% endif %}
{% if one.answer %}<details><summary>Answer</summary><pre>{{ one.answer }}</pre></details>{% endif %}
{% if one.also %}<p>Also answered as <code>{{ one.also }}</code>.</p>{% endif %}
<details><summary>Problems</summary><table><tbody>
{% for status, why in one.problems %}<tr><td><code>{{ status }}</code></td><td>{{ why }}</td></tr>{% endfor %}
</tbody></table></details>
</section>{% endfor %}{% endfor %}</body></html>
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def as_page(document: Mapping[str, Any]) -> str:
    """The OpenAPI document as HTML."""
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            groups[one["tags"][0]].append(_described(document, path, method, one))
    page = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(PAGE)
    return page.render(
        style=STYLE,
        about=document["info"]["description"],
        token=document["components"]["securitySchemes"]["token"]["description"],
        groups=list(groups.items()),
    )


def _described(document: Mapping[str, Any], path: str, method: str, one: Mapping[str, Any]) -> dict[str, Any]:
    content = one["responses"]["200"]["content"]
    return {
        "id": one["operationId"],
        "summary": one["summary"],
        "method": method.upper(),
        "path": path,
        "scopes": "needs " + ", ".join(one["security"][0]["token"]),
        "problems": [
            (status, answer["description"]) for status, answer in one["responses"].items() if status != "200"
        ],
        "parameters": [
            {"name": p["name"], "in": p["in"], "what": _what(p["schema"])} for p in one["parameters"]
        ],
        "body": _shape(document, one.get("requestBody", {}).get("content", {})),
        "answer": _shape(document, content),
        "also": ", ".join(name for name in content if name != "application/json"),
    }


def _what(schema: Mapping[str, Any]) -> str:
    """A parameter in a few words: its type or values, and what the document says of it."""
    values = schema.get("enum") or next(
        (one["enum"] for one in schema.get("anyOf", ()) if "enum" in one), None
    )
    kind = ", ".join(map(str, values)) if values else str(schema.get("type", ""))
    return f"{kind}. {schema['description']}" if "description" in schema else kind


def _shape(document: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """The JSON schema with what it refers to put in place; "" where there is no JSON."""
    if "application/json" not in content:
        return ""
    schema = _in_place(content["application/json"]["schema"], document["components"]["schemas"], ())
    return json.dumps(schema, indent=2, ensure_ascii=False)


def _in_place(value: Any, schemas: Mapping[str, Any], inside: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_in_place(one, schemas, inside) for one in value]
    if not isinstance(value, dict):
        return value
    name = str(value.get("$ref", "")).rpartition("/")[2]
    if name and name not in inside:
        return _in_place(schemas[name], schemas, (*inside, name))
    return {key: _in_place(one, schemas, inside) for key, one in value.items()}
