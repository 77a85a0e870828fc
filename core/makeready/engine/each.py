"""Work that is claimed together and done side by side: the trouble of one is not the others'."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from makeready_hooks.errors import MakereadyError

from makeready.engine.model import Work
from makeready.engine.retry import DEFECT, Retry, retry_for

C = TypeVar("C")

log = structlog.get_logger("makeready.engine")


def each(
    do: Callable[[C, str, Work], Awaitable[Retry | None]],
) -> Callable[[C, str, Sequence[Work]], Awaitable[Mapping[int, Retry]]]:
    """``do(context, subscriber, work)``: None if it is done."""

    async def one(context: C, name: str, work: Work) -> Retry | None:
        try:
            return await do(context, name, work)
        except MakereadyError as exc:
            return retry_for(exc)
        except Exception:  # a defect that one meets must not leave the others half done
            log.exception("work failed", kind=work.kind, subscriber=name, key=work.key)
            return DEFECT

    async def run(context: Any, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
        outcomes = await asyncio.gather(*(one(context, name, work) for work in works))
        return {work.id: again for work, again in zip(works, outcomes, strict=True) if again is not None}

    return run
