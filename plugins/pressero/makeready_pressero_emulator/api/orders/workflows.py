"""Workflows and their stages."""

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer, paged


async def list_workflows(call: Call) -> Answer:
    return paged(
        call.page(),
        list(call.shop.workflows.values()),
        lambda one: {"WorkflowId": one.workflow_id, "Description": one.description},
    )


async def list_stages(call: Call) -> Answer:
    workflow = call.shop.workflows.get(call.params["workflow"].lower())
    if workflow is None:
        raise ApiError(404, "The workflow was not found.")
    return json_answer(workflow.stages)


ENDPOINTS = (
    Endpoint(
        verb="GET", path="/api/Workflows", mark=Mark.SEEN, does="List workflows.", handler=list_workflows
    ),
    Endpoint(
        verb="GET",
        path="/api/workflows/{workflow}/Stages",
        mark=Mark.SEEN,
        does="List the stages of a workflow, as a bare array.",
        handler=list_stages,
    ),
)
