"""The picture of a file, asked for when somebody opens it."""

from makeready_hooks.errors import CallRejected
from starlette.responses import Response

from makeready_admin.artwork.pictures import picture_of
from makeready_admin.web.frame import HEADERS
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

KEPT_S = 3600.0
WITHIN_S = 60.0
"""A picture is asked for by the browser alone, beside the page."""


async def show_picture(visit: Visit) -> Response:
    key, number = visit.part("key"), visit.part("file")
    rows = await visit.installation.store.files.of(visit.subscriber.name, key)
    file = next((one for one in rows if str(one.id) == number), None)
    if file is None:
        raise CallRejected("There is no such file.", status=404)
    asked = await visit.ask(
        "picture",
        file.id,
        question=lambda: picture_of(visit.installation, visit.subscriber, file),
        keep_s=KEPT_S,
        within_s=WITHIN_S,
    )
    if asked.value is None:
        why = str(asked.error) if asked.error else _("The file does not come in time.")
        raise CallRejected(why, status=404)
    return Response(asked.value, headers=HEADERS, media_type="image/png")


PAGES = (page("/subscribers/{subscriber}/submissions/{key}/files/{file}/picture", Needs.SEE, show_picture),)
