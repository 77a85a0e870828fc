"""What the store keeps, as Structs. Moments are seconds since 1970 in UTC, as floats."""

from makeready.records.access import AuditRow, Session, User, UserRole
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
from makeready.records.people import SEEN_BY_A_PERSON, Channel, EarlierAnswer, Telling, Token
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
    "SEEN_BY_A_PERSON",
    "AlertRules",
    "Attempt",
    "AuditRow",
    "BadFile",
    "Channel",
    "ConnectorRecord",
    "Delivery",
    "EarlierAnswer",
    "Environment",
    "FailingWork",
    "FileRow",
    "Grouping",
    "HistoryRow",
    "ImportChoices",
    "ImportItem",
    "ImportJob",
    "ImportRules",
    "InstalledRow",
    "LearnedRow",
    "LineProgress",
    "LineRow",
    "LinkRow",
    "OrderRules",
    "Session",
    "ShipmentRow",
    "StatusRules",
    "Submission",
    "Subscriber",
    "Telling",
    "Token",
    "User",
    "UserRole",
    "WatchedOrder",
    "Work",
]
