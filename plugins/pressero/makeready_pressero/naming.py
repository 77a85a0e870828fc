"""Names of the account that settings choose from."""

from makeready_hooks.model.setup import VendorList

from makeready_pressero.client import PresseroClient
from makeready_pressero.mapping import stages_from
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import text


async def names_of(
    client: PresseroClient, settings: PresseroSettings, of: VendorList
) -> tuple[str, ...] | None:
    return await _stages(client, settings) if of is VendorList.STAGES else None


async def _stages(client: PresseroClient, settings: PresseroSettings) -> tuple[str, ...]:
    """Of every workflow (both calls are seen): one call more for each."""
    names: list[str] = []
    for row in await client.workflows():
        if key := text(row.get(settings.assumptions.workflow_id)):
            names += [stage.name for stage in stages_from(await client.stages(key))]
    return tuple(dict.fromkeys(filter(None, names)))
