"""Ids in our addresses: any text comes through every route, and back."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.web.app import create_app
from makeready_hooks.names import FILE_NAME, LOWER_CASE, SEGMENT, Place, as_attachment, in_path
from makeready_hooks.testing.orders import ODD_IDS
from pretend import Bench
from starlette.routing import Mount, Route

WRITTEN = ("/api/v1/", "/admin/")
OURS = ("/admin/static/", "/admin/{rest")
"""Names that we give."""

texts = st.text(st.characters(exclude_categories=())) | st.text("~-/.2f\ud83d\ude00", max_size=8)


def routes(found: Any, before: str = "") -> Iterator[tuple[str, Route]]:
    for route in found:
        if isinstance(route, Mount):
            yield from routes(route.routes, before + route.path)
        elif isinstance(route, Route) and route.param_convertors:
            yield before + route.path, route


async def reached(app: Any, method: str, raw_path: str) -> dict[str, Any]:
    """The scope of a call, as the server leaves it."""
    scope = {
        "type": "http", "method": method, "scheme": "http", "path": unquote(raw_path),
        "raw_path": raw_path.encode(), "query_string": b"", "root_path": "", "headers": [(b"host", b"here")],
        "client": ("127.0.0.1", 40_000), "server": ("127.0.0.1", 8300),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    await app(scope, receive, send)
    return scope


@pytest.mark.parametrize("write", [in_path, lambda text: quote(text, safe="")], ids=["ours", "theirs"])
async def test_every_route_takes_ids_that_are_any_text(bench: Bench, write: Any) -> None:
    """As our links write them; and as any program encodes a part of a path, but for dots that lead up."""
    app = create_app(bench.installation, work=False)
    found = [
        (path, one)
        for path, one in routes(app.routes)
        if path.startswith(WRITTEN) and not path.startswith(OURS)
    ]
    assert len(found) > 50
    for path, route in found:
        for one in ODD_IDS:
            address = path
            for name in route.param_convertors:
                address = address.replace(f"{{{name}:text}}", write(one))
            for method in (route.methods or set()) - {"HEAD"}:
                scope = await reached(app, method, address)
                assert scope["endpoint"] is route.endpoint, (method, address)
                assert set(scope["path_params"].values()) == {one}, (method, address)


@given(texts)
@pytest.mark.parametrize("place", [SEGMENT, FILE_NAME, LOWER_CASE], ids=["path", "file", "small letters"])
def test_any_text_is_written_and_comes_back(place: Place, text: str) -> None:
    written = place.write(text)
    assert place.read(written) == text
    assert place.write(written) == written or place.read(place.write(written)) == written
    assert place is not LOWER_CASE or set(written) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert place is LOWER_CASE or not {"/", "\\", "\0"} & set(written)


@given(texts)
def test_a_part_of_a_path_is_one_part_for_any_client(text: str) -> None:
    written = in_path(text)
    assert written.isascii()
    assert not set(written) & set("/?#;%") - {"%"}
    assert unquote(written) not in (".", "..")
    assert SEGMENT.read(unquote(written)) == text


@given(texts)
def test_what_nobody_wrote_is_read_as_well(text: str) -> None:
    SEGMENT.read(text)
    assert SEGMENT.read("~ff") == "~ff"


@pytest.mark.parametrize("one", ODD_IDS)
def test_a_file_name_is_as_it_was_where_any_system_can_have_it(one: str) -> None:
    name = FILE_NAME.write(f"order-{one}-evidence.json")
    assert not set('/\\:*?"<>|') & set(name)
    assert FILE_NAME.read(name) == f"order-{one}-evidence.json"
    assert as_attachment(name).isascii()
