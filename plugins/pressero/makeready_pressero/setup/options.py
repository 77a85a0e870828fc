"""Names that settings are chosen from. Of several workflows or sites, each name once."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from makeready_hooks.model.product import Choice, Site
from makeready_hooks.model.progress import Stage
from makeready_hooks.model.setup import Option

from makeready_pressero.assumptions import Assumptions
from makeready_pressero.client import PresseroClient
from makeready_pressero.wire import text

MOST_ASKED = 8
"""Sites that are asked one by one: ten calls in ten seconds are allowed."""


def of_names(names: Iterable[str]) -> tuple[Option, ...]:
    return tuple(Option(value=name) for name in dict.fromkeys(filter(None, names)))


async def stages(
    client: PresseroClient, assumed: Assumptions, stages_of: Callable[[str], Awaitable[Sequence[Stage]]]
) -> tuple[Option, ...]:
    ids = [text(row.get(assumed.workflow_id)) for row in await client.workflows()]
    found = [await stages_of(one) for one in filter(None, ids)]  # whole: what is not among them is refused
    return of_names(stage.name for some in found for stage in some)


async def groups(
    sites: Sequence[Site], groups_of: Callable[[str], Awaitable[Sequence[Choice] | None]]
) -> tuple[Option, ...]:
    found = [await groups_of(site.domain) or () for site in sites[:MOST_ASKED]]
    return of_names(group.name for some in found for group in some)
