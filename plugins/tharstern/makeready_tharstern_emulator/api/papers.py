"""``attachments`` and ``notes``: what is pinned to an estimate or a job."""

from msgspec import Struct

from makeready_tharstern_emulator.api.orders import keep_content
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import File, Note
from makeready_tharstern_emulator.wire.bodies import Members, read_body
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.replies import NO_PROBLEMS, Answer, problems, success

_ESTIMATE, _JOB = 1, 2
"""Values of ``ModuleType`` (seen S4)."""
_TYPES = (0, 10, 20)
"""Values of ``Type``: a document, content, used for a purchase order (seen S4)."""


class _Attachment(Struct):
    module: int | None
    record_no: str
    """The human number, not the ID (seen S4)."""
    name: str
    url: str
    content: bytes | None


def attach(site: Site, call: Call) -> Answer:
    """``{Items[{Filename, ModuleType, RecordNo, Type, Details, Content_URL | Content_Base64}]}`` (seen S4).

    All of them, or none if one names a record that is not there (inferred).
    """
    body = read_body(call.body, "attachments")
    given = [_read(item) for item in body.each("Items")]
    if not given:
        body.complain("Items", "The Items field is required.")
    body.check()
    owners = [_owner(site, item.module, item.record_no) for item in given]
    unknown = [item.record_no for item, owner in zip(given, owners, strict=True) if owner is None]
    if unknown:
        return problems([f"Record {number} was not found." for number in unknown])
    for item, owner in zip(given, owners, strict=True):
        _keep(site, call, item, owner or "")
    return success(NO_PROBLEMS)


def _read(item: Members) -> _Attachment:
    read = _Attachment(
        module=_module(item),
        record_no=item.text("RecordNo"),
        name=item.text("Filename"),
        url=item.text("Content_URL"),
        content=item.content("Content_Base64"),
    )
    if item.inside("Type").whole("Value") not in (None, *_TYPES):
        item.complain("Type", "The value is not valid.")
    if not read.name:
        item.complain("Filename", "The Filename field is required.")
    if not read.url and read.content is None:
        item.complain("Content_URL", "Content_URL or Content_Base64 is required.")
    item.text("Details")
    return read


def _module(item: Members) -> int | None:
    value = item.inside("ModuleType").whole("Value")
    if value not in (_ESTIMATE, _JOB):
        item.complain("ModuleType", "The value is not valid.")
    return value


def _owner(site: Site, module: int | None, record_no: str) -> str | None:
    """``estimate:88213`` or ``job:52001``; None if there is no such record."""
    if module == _ESTIMATE:
        estimate = site.world.estimates.first(record_no.lower())
        return f"estimate:{estimate.id}" if estimate else None
    job = site.world.jobs.first(record_no.lower())
    return f"job:{job.id}" if job else None


def _keep(site: Site, call: Call, item: _Attachment, owner: str) -> None:
    if item.content is not None:
        keep_content(site, call, owner, item.name, item.content)
        return
    file = File(id=site.world.files.next_id(), owner=owner, name=item.name, url=item.url)
    site.world.files.put(file)
    call.did("file named", owner=owner, file=item.name)
    site.artwork.send_for(file, call)


def note(site: Site, call: Call) -> Answer:
    """``{UserId, ModuleType, ModuleNo, IsPriority, Notes}`` (seen S4)."""
    given = read_body(call.body, "note")
    module, number, text = _module(given), given.text("ModuleNo"), given.text("Notes")
    priority = given.flag("IsPriority")
    given.check()
    if module is None or _owner(site, module, number) is None:
        return problems([f"Record {number} was not found."])
    row = Note(id=site.world.notes.next_id(), module=module, record_no=number, text=text, priority=priority)
    site.world.notes.put(row)
    call.did("note created", id=row.id, record=number)
    return success(NO_PROBLEMS)
