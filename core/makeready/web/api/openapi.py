"""The OpenAPI document, from the table of operations and the Structs that they read and write."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct

from makeready.web.api.operation import Operation
from makeready.web.api.problems import MEDIA_TYPE, Problem

JSON = "application/json"
DESCRIPTION = (
    "All that the pages and the commands do, for programs: orders on their way from the shop into the MIS, products "
    "on theirs into the shop, prices, stock, settings, people. A token is made with `makeready token add`. "
    "Moments are in UTC. Every error is a problem (RFC 9457). A list that can grow comes page by page: give "
    "`next_cursor` back as `cursor` until it is null. What changes something takes an `Idempotency-Key`: the same call "
    "made again with it is done once."
)
SCOPES_HELP = (
    "A token has scopes. `read`: it may look. `change`: it may also decide and change. `operator`: settings, users, "
    "tokens and the audit log as well; only a token for all subscribers has it. One that is for one subscriber "
    "finds no other."
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
        "tags": [{"name": group} for group in dict.fromkeys(one.group for one in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": SCOPES_HELP}},
        },
    }


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    kinds: set[type[Struct]] = {Problem}
    for one in operations:
        kinds |= {kind for kind in (one.answer, one.body, *one.also.values()) if kind is not None}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    return schemas


def _operation(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": [one.group],
        "security": [{"token": list(one.scopes)}],
        "parameters": [*_path_parameters(one), *_query_parameters(one.query), *_headers(one)],
        "responses": {"200": _answer(one), **_problems(one)},
    }
    if one.body is not None:
        content = _content("", JSON, one.body)["content"]
        described["requestBody"] = {"content": content, "required": _is_required(one.body)}
    return described


def _problems(one: Operation) -> dict[str, Any]:
    """Every status of a problem that the operation may be answered with, and why."""
    on_address, on_scope = "{" in one.path, one.scopes != ("read",)
    asked = one.query is not None or one.body is not None
    possible = {
        HTTPStatus.BAD_REQUEST: (one.body is not None, "The body is not JSON"),
        HTTPStatus.UNAUTHORIZED: (True, "No token, or one that is unknown, removed or expired"),
        HTTPStatus.FORBIDDEN: (on_scope, "The token lacks a scope"),
        HTTPStatus.NOT_FOUND: (on_address, "Nothing is known of it, or the token is not for its subscriber"),
        HTTPStatus.CONFLICT: (one.method == "POST" or one.asks_vendors, "It cannot be done as things are"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (True, "The body is too large"),
        HTTPStatus.UNPROCESSABLE_ENTITY: (asked, "Something in the call does not fit; `field` names it"),
        HTTPStatus.INTERNAL_SERVER_ERROR: (True, "A defect; the log of the server tells more"),
        HTTPStatus.NOT_IMPLEMENTED: (one.asks_vendors, "A connector, or the vendor's account, cannot do it"),
        HTTPStatus.BAD_GATEWAY: (one.asks_vendors, "It is not known what the other side did"),
        HTTPStatus.SERVICE_UNAVAILABLE: (True, "Settings are wrong, or the other side is away"),
    }
    return {
        str(status.value): _content(why, MEDIA_TYPE, Problem)
        for status, (may_be, why) in possible.items()
        if may_be
    }


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
        {
            "name": name,
            "in": "query",
            "required": name in schemas[kind.__name__].get("required", ()),
            "schema": _inlined(schema, schemas),
        }
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
    if not one.action:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    return [{"name": "Idempotency-Key", "in": "header", "description": KEY_HELP, "schema": schema}]


def _answer(one: Operation) -> dict[str, Any]:
    kinds = {**one.also, **({JSON: one.answer} if one.answer else {})}
    content = {media_type: _media_type(kind) for media_type, kind in kinds.items()}
    return {"description": one.summary, "content": content}


def _content(description: str, media_type: str, kind: type[Struct]) -> dict[str, Any]:
    return {"description": description, "content": {media_type: _media_type(kind)}}


def _media_type(kind: type[Struct] | None) -> dict[str, Any]:
    """Of text that is no JSON, there is no more to say."""
    return {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"} if kind else {"type": "string"}}
