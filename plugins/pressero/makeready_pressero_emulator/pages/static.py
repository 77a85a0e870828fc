"""Scripts and styles of the pages, all our own."""

from pathlib import Path

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.pages.render import row
from makeready_pressero_emulator.wire.answers import Answer, ApiError

_FOLDER = Path(__file__).parent / "static"
_FILES = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir())}
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


async def static_file(call: Call) -> Answer:
    name = call.params["file"]
    if name not in _FILES:
        raise ApiError(404, f"There is no {name}.")
    return Answer(body=_FILES[name], content_type=_TYPES[Path(name).suffix])


ENDPOINTS = (row("GET", "/content/{file}", "Scripts and styles of the pages.", static_file),)
