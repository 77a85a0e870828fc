"""How large a call from outside may be."""

from makeready_hooks.errors import CallRejected

MAX_BODY_BYTES = 1_000_000


def check_size(size: int) -> None:
    """Raises CallRejected for a body that is too long."""
    if size > MAX_BODY_BYTES:
        raise CallRejected(f"The body is over {MAX_BODY_BYTES} bytes.", status=413)
