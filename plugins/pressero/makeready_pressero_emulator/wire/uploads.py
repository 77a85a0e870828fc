"""Reads a multipart body. For files the names of the fields do not matter (seen)."""

from collections.abc import AsyncGenerator

from msgspec import Struct
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.wire.answers import ApiError


class Form(Struct, frozen=True):
    fields: dict[str, str]
    files: list[tuple[str, bytes]]
    """Name and content of every file that was chosen; a field left empty is none."""


async def form(call: Call) -> Form:
    """Raises ApiError 400 for a body that is not multipart."""
    if not call.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ApiError(400, "The body is not multipart/form-data.")
    try:
        data = await MultiPartParser(Headers(dict(call.headers)), _once(call.body)).parse()
    except (MultiPartException, KeyError) as error:
        raise ApiError(400, f"The multipart body cannot be read: {error}") from error
    read = Form({}, [])
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                read.files.append((value.filename, await value.read()))
        else:
            read.fields[name] = value
    await data.close()
    return read


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
