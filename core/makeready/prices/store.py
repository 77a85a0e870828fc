"""SQL of the prices: known ones, estimates, counts of answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from makeready_hooks.model.price import PriceQuery
from sqlite_utils import Database as Sqlite

from makeready.prices.model import AnswerKey, EstimateRow, KnownPrice, PriceCount
from makeready.storage.part import StorePart

KEEP_HOURS = 90 * 24

KEEP_PRICES_S = 90 * 86_400.0
KEEP_ESTIMATES_S = 400 * 86_400.0
"""An order may be approved long after it was priced."""

KEY = "subscriber = ? and environment = ? and product_id = ? and site = ? and quantity = ? and options = ? and customer = ?"


class PriceCounts(StorePart):
    async def add(self, counts: Mapping[AnswerKey, int]) -> None:
        """To what is there; very old hours are forgotten."""
        sql = """insert into price_counts (subscriber, hour, outcome, bucket, n) values (?, ?, ?, ?, ?)
            on conflict do update set n = n + excluded.n"""
        values = [[one.subscriber, one.hour, one.outcome.value, one.bucket, n] for one, n in counts.items()]
        hours = {one.subscriber: one.hour for one in counts}

        def change(db: Sqlite) -> None:
            db.conn.executemany(sql, values)
            for subscriber, hour in hours.items():
                db.execute(
                    "delete from price_counts where subscriber = ? and hour < ?",
                    [subscriber, hour - KEEP_HOURS],
                )

        await self._database.write(change)

    async def totals(self, subscriber: str, hour: int) -> list[PriceCount]:
        """Of the hours from this one on together."""
        sql = """select subscriber, min(hour) as hour, outcome, bucket, sum(n) as n from price_counts
            where subscriber = ? and hour >= ? group by outcome, bucket"""
        return await self._structs(PriceCount, sql, [subscriber, hour])


class Prices(StorePart):
    async def keep(self, subscriber: str, environment: str, query: PriceQuery, known: KnownPrice) -> None:
        """Remember the answer to a question, with its estimate if it has one; forget what is very old."""

        def change(db: Sqlite) -> None:
            _keep_price(db, _key(subscriber, environment, query), known)
            if known.quote.reference:
                _keep_estimate(db, subscriber, environment, query, known)
            # company: every one's: what is very old goes
            db.execute("delete from known_prices where at < ?", [known.at - KEEP_PRICES_S])
            # company: as above
            db.execute("delete from estimates where at < ?", [known.at - KEEP_ESTIMATES_S])

        await self._database.write(change)

    async def known(self, subscriber: str, environment: str, query: PriceQuery) -> KnownPrice | None:
        """The last answer to a question."""
        key = _key(subscriber, environment, query)
        sql = f"select quote, at from known_prices where {KEY}"
        return await self._first(KnownPrice, sql, key, as_json=("quote",))

    async def estimates(
        self, subscriber: str, environment: str, product_id: str, quantity: int
    ) -> list[EstimateRow]:
        """Every estimate of a product in a quantity, oldest first."""
        sql = """select reference, customer, options, at from estimates
            where subscriber = ? and environment = ? and product_id = ? and quantity = ? order by at, id"""
        values = [subscriber, environment, product_id, quantity]
        return await self._structs(EstimateRow, sql, values, as_json=("options",))


def _key(subscriber: str, environment: str, query: PriceQuery) -> list[Any]:
    place = [subscriber, environment, query.product_id, query.site]
    return [*place, query.quantity, _options(query.options), query.customer]


def _options(options: Sequence[tuple[str, str]]) -> str:
    return msgspec.json.encode(sorted(options)).decode()


def _keep_price(db: Sqlite, key: list[Any], known: KnownPrice) -> None:
    db.execute(
        """insert into known_prices (subscriber, environment, product_id, site, quantity, options, customer,
            quote, at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict do update set quote = excluded.quote, at = excluded.at where excluded.at >= at""",
        [*key, msgspec.json.encode(known.quote).decode(), known.at],
    )


def _keep_estimate(
    db: Sqlite, subscriber: str, environment: str, query: PriceQuery, known: KnownPrice
) -> None:
    db.table("estimates").insert(
        {
            "subscriber": subscriber,
            "environment": environment,
            "product_id": query.product_id,
            "quantity": query.quantity,
            "options": _options(known.quote.options),
            "customer": query.customer,
            "reference": known.quote.reference,
            "at": known.at,
        }
    )
