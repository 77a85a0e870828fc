"""What the store keeps, as Structs. Moments are seconds since 1970 in UTC, as floats."""

from makeready.records.orders import (
    Attempt,
    BadFile,
    FileRow,
    HistoryRow,
    LineProgress,
    LineRow,
    ShipmentRow,
    Submission,
    WatchedOrder,
)
from makeready.records.people import Channel, EarlierAnswer, Telling, Token
from makeready.records.prices import EstimateRow, KnownPrice
from makeready.records.products import ImportChoices, ImportItem, ImportJob, LinkRow
from makeready.records.subscribers import (
    RULES,
    AlertRules,
    ConnectorRecord,
    Environment,
    Grouping,
    ImportRules,
    InstalledRow,
    LearnedRow,
    OrderRules,
    StatusRules,
    Subscriber,
)
from makeready.records.work import Delivery, FailingWork, Work

__all__ = [
    "RULES",
    "AlertRules",
    "Attempt",
    "BadFile",
    "Channel",
    "ConnectorRecord",
    "Delivery",
    "EarlierAnswer",
    "Environment",
    "EstimateRow",
    "FailingWork",
    "FileRow",
    "Grouping",
    "HistoryRow",
    "ImportChoices",
    "ImportItem",
    "ImportJob",
    "ImportRules",
    "InstalledRow",
    "KnownPrice",
    "LearnedRow",
    "LineProgress",
    "LineRow",
    "LinkRow",
    "OrderRules",
    "ShipmentRow",
    "StatusRules",
    "Submission",
    "Subscriber",
    "Telling",
    "Token",
    "WatchedOrder",
    "Work",
]
