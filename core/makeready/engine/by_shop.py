"""Work on orders of several shops: each shop's is done beside the others', and one that is away is no other's trouble."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.ids import ShopIds

from makeready.engine.model import Work
from makeready.engine.retry import Retry, retry_for

Done = Mapping[int, Retry]


async def by_shop(
    ids: ShopIds,
    works: Sequence[Work],
    number_of: Callable[[Work], str],
    do: Callable[[str, Sequence[Work]], Awaitable[Done]],
) -> Done:
    """``number_of``: the order that some work is about; ``do``: what is to be done, for the work of one shop."""

    async def share(shop: str, some: Sequence[Work]) -> Done:
        try:
            return await do(shop, some)
        except MakereadyError as exc:
            return dict.fromkeys([work.id for work in some], retry_for(exc))

    shares = ids.by_shop(works, number_of)
    done = await asyncio.gather(*(share(*one) for one in shares.items()), return_exceptions=True)
    for one in done:  # what one shop's did is done, and what another's met is told
        if isinstance(one, BaseException):
            raise one
    return {work: again for one in done if not isinstance(one, BaseException) for work, again in one.items()}
