"""Tell observers what has happened: each on its own, at least once."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_type_hints

import msgspec
import structlog
from makeready_hooks import specs
from makeready_hooks.errors import MakereadyError, RetryLater
from makeready_hooks.model.news import OrderNews

from makeready.connectors import Connectors
from makeready.contexts import ObserverContext
from makeready.engine.model import Work, WorkType
from makeready.engine.observers.store import TELL
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry, retry_for
from makeready.extensions import installed

MOST_TRIES = 12
"""For about half an hour."""

log = structlog.get_logger("makeready.engine")


async def tell_observers(context: ObserverContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    connectors = await context.connectors(await context.subscriber(name))
    public_url = await context.store.subscribers.public_url()
    again: dict[int, Retry] = {}
    for work in works:
        try:
            await _tell(connectors, work, public_url)
        except MakereadyError as exc:
            if isinstance(exc, RetryLater) and work.attempts + 1 < MOST_TRIES:
                again[work.id] = retry_for(exc)
            else:
                log.error("an observer was not told", subscriber=name, what=work.key, error=str(exc))
    return again


async def _tell(connectors: Connectors, work: Work, public_url: str) -> None:
    hook, connector, _ = work.key.split(" ", 2)
    news = msgspec.json.decode(work.hint, type=_news_of(hook))
    if isinstance(news, OrderNews):
        path = installed().page_path(work.subscriber, news.order_number)
        news = msgspec.structs.replace(news, page=f"{public_url}{path}" if public_url and path else "")
    await connectors.tell(hook, news, connector)


@cache
def _news_of(hook: str) -> Any:
    return get_type_hints(getattr(specs, hook))["news"]


TELL_WORK = WorkType(
    kind=TELL,
    run=tell_observers,
    title="Tell a plugin what has happened",
    urgency=Urgency.UPKEEP,
    batch=20,
)
