"""Errors that nobody foresaw: the log has the whole of them, the caller a reference and nothing else."""

import secrets
from typing import Any


def log_defect(log: Any, **about: str) -> str:
    """Log the error that is being handled, with its traceback. Returns the reference by which it is found."""
    reference = secrets.token_hex(4)
    log.exception("unexpected error", reference=reference, **about)
    return reference
