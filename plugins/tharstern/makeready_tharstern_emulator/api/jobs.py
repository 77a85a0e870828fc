"""``job``, ``jobs`` and ``jdf``: production, from an estimate to a planned delivery."""

from typing import Any

from makeready_tharstern_emulator.api.order_entry import add_job
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import Delivery, Job
from makeready_tharstern_emulator.wire.addresses import country_problem, read_address
from makeready_tharstern_emulator.wire.bodies import Members, read_body
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.lists import listing, whole_numbers
from makeready_tharstern_emulator.wire.replies import NO_PROBLEMS, Answer, problems, success


def create_from_estimate(site: Site, call: Call) -> Answer:
    """``{EstimateID, Ref1, Ref2, SetAsProductionReady, SubmitToWorkflow}`` (seen S3, S4)."""
    given = read_body(call.body, "createJob")
    estimate = site.world.estimates.get(given.whole("EstimateID"))
    ready, submit = given.flag("SetAsProductionReady"), given.flag("SubmitToWorkflow")
    ref1, ref2 = given.text("Ref1"), given.text("Ref2")
    given.check()
    if estimate is None:
        return problems([f"Estimate {given.text('EstimateID')} was not found."])
    job = add_job(site, call, estimate.title, estimate.quantity, estimate_id=estimate.id)
    job.ref1, job.ref2, job.production_ready, job.in_workflow = ref1, ref2, ready, submit
    return success({"JobNo": job.number, "JobID": job.id, **NO_PROBLEMS})


def find(site: Site, call: Call) -> Answer:
    """By ``id[n]`` or ``jobNo[n]`` (seen S2)."""
    jobs = site.world.jobs
    ids, numbers = call.query.many("id"), call.query.many("jobNo")
    found = [jobs.get(id_) for id_ in sorted(whole_numbers("id", ids or []))]
    found += [jobs.first(number.lower()) for number in numbers or []]
    if ids is None and numbers is None:
        found = [*jobs.all()]
    return listing(site, call, [row for row in found if row], lambda row: _write(site, row))


def _write(site: Site, job: Job) -> dict[str, Any]:
    names = site.names
    return {
        "ID": job.id,
        "JobNo": job.number,
        "Title": job.title,
        "Quantity": job.quantity,
        names["job.status"]: job.status,
        names["job.order_id"]: job.order_id,
        "EstimateID": job.estimate_id,
        "Ref1": job.ref1,
        "Ref2": job.ref2,
        "RequiredDate": job.required_date or None,
        "SetAsProductionReady": job.production_ready,
        names["job.in_workflow"]: job.in_workflow,
    }


def update(site: Site, call: Call) -> Answer:
    """A job's body, by ``ID`` or ``JobNo``; members that are left out stay as they are (inferred)."""
    given = read_body(call.body, "job")
    job = _job(site, given, "ID")
    quantity, required = given.whole("Quantity"), given.date("RequiredDate")
    texts = {name: given.text(name) for name in ("Title", "Ref1", "Ref2") if given.has(name)}
    if quantity is not None and quantity < 1:
        given.complain("Quantity", "Quantity must be above zero.")
    given.check()
    if job is None:
        return problems([_unknown(given, "ID")])
    job.title, job.ref1 = texts.get("Title", job.title), texts.get("Ref1", job.ref1)
    job.ref2 = texts.get("Ref2", job.ref2)
    job.quantity, job.required_date = quantity or job.quantity, required or job.required_date
    site.world.jobs.put(job)
    call.did("job updated", id=job.id, number=job.number)
    return success({"UpdatedJob": _write(site, job)})


def create_predelivery(site: Site, call: Call) -> Answer:
    """A planned delivery of a job, to a known address or to one of its own (seen S3, S4)."""
    given = read_body(call.body, "preDelivery")
    job, place = _job(site, given, "JobID"), site.world.places.get(given.whole("AddressID"))
    address, quantity = read_address(given.inside("Address")), given.whole("Quantity") or 0
    given.date("RequiredDate")
    if quantity < 1:
        given.complain("Quantity", "Quantity must be above zero.")
    given.check()
    if job is None:
        return problems([_unknown(given, "JobID")])
    if given.has("AddressID") and place is None:
        return problems([f"Address {given.text('AddressID')} was not found."])
    if address and (text := country_problem(address, site.switches.text("strict-country"))):
        return problems([text])
    row = Delivery(
        id=site.world.deliveries.next_id(),
        job_id=job.id,
        order_id=job.order_id,
        quantity=quantity,
        place=place.name if place else given.text("AddressName"),
        address=address or (place.address if place else {}),
    )
    site.world.deliveries.put(row)
    call.did("delivery planned", id=row.id, job=job.number)
    return success({"DeliveryNoteID": row.id, **NO_PROBLEMS})


def submit_jobs(site: Site, call: Call) -> Answer:
    """``{Items[{JobId}]}``: jobs go to the workflow; all of them, or none if one is unknown (inferred)."""
    given = read_body(call.body, "submitJobs")
    ids = [item.whole("JobId") for item in given.each("Items")]
    if not ids:
        given.complain("Items", "The Items field is required.")
    given.check()
    unknown = [f"Job {id_} was not found." for id_ in ids if site.world.jobs.get(id_) is None]
    if unknown:
        return problems(unknown)
    for job in filter(None, map(site.world.jobs.get, ids)):
        job.in_workflow = True
        site.world.jobs.put(job)
        call.did("job submitted to workflow", id=job.id, number=job.number)
    return success(NO_PROBLEMS)


def _job(site: Site, given: Members, id_name: str) -> Job | None:
    """The job that a body names, by its id or by its number."""
    id_ = given.whole(id_name)
    return site.world.jobs.get(id_) if id_ else site.world.jobs.first(given.text("JobNo").lower())


def _unknown(given: Members, id_name: str) -> str:
    return f"Job {given.text(id_name) or given.text('JobNo')} was not found."
