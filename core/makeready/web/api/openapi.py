"""The OpenAPI document, from the table of operations and the Structs that they read and write."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from makeready.web.api.operation import Operation
from makeready.web.api.problems import MEDIA_TYPE, Problem

JSON = "application/json"
DESCRIPTION = (
    "Orders on their way from the shop into the MIS, and products on theirs into the shop. "
    "A token is made with `makeready token add`. "
    "Moments are in UTC. Every error is a problem (RFC 9457)."
)
KEY_HELP = (
    "The same key and call give the same answer for 24 hours; the same key with another call is refused."
)


def document(operations: Sequence[Operation], version: str) -> dict[str, Any]:
    schemas = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Makeready", "version": version, "description": DESCRIPTION},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    kinds: set[type[Struct]] = {Problem}
    for one in operations:
        kinds |= {kind for kind in (one.answer, one.body) if kind is not None}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    return schemas


def _operation(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_path_parameters(one), *_query_parameters(one.query), *_headers(one)],
        "responses": {"200": _answer(one), "default": _content("What went wrong", MEDIA_TYPE, Problem)},
    }
    if one.body is not None:
        content = _content("", JSON, one.body)["content"]
        described["requestBody"] = {"content": content, "required": _is_required(one.body)}
    return described


def _is_required(body: type[Struct]) -> bool:
    return any(field.required for field in msgspec.structs.fields(body))


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", one.path)
    ]


def _query_parameters(kind: type[Struct] | None) -> list[dict[str, Any]]:
    if kind is None:
        return []
    (_,), schemas = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    return [
        {"name": name, "in": "query", "required": False, "schema": _inlined(schema, schemas)}
        for name, schema in schemas[kind.__name__]["properties"].items()
    ]


def _inlined(schema: Any, schemas: dict[str, Any]) -> Any:
    """Without references: a parameter's schema stands for itself."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return schemas[schema["$ref"].rpartition("/")[2]]
        return {name: _inlined(inner, schemas) for name, inner in schema.items()}
    return [_inlined(inner, schemas) for inner in schema] if isinstance(schema, list) else schema


def _headers(one: Operation) -> list[dict[str, Any]]:
    if one.method != "POST":
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    return [{"name": "Idempotency-Key", "in": "header", "description": KEY_HELP, "schema": schema}]


def _answer(one: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {media_type: {"schema": {"type": "string"}} for media_type in one.also}
    if one.answer is not None:
        content |= _content("", JSON, one.answer)["content"]
    return {"description": one.summary, "content": content}


def _content(description: str, media_type: str, kind: type[Struct]) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{kind.__name__}"}
    return {"description": description, "content": {media_type: {"schema": reference}}}
