"""Logging: readable lines on a terminal, JSON elsewhere, always on stderr. Quiet unless asked."""

import logging
import sys

import structlog


def configure(*, verbose: bool = False, level: int = logging.WARNING) -> None:
    """Set up the log of this process. ``level`` is the least that is shown."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
