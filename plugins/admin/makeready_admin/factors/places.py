"""Where passkeys are valid. Apart from `passkeys`, which loads 150 modules for the few who have one."""

import ipaddress

from makeready_hooks.outside import split_address
from msgspec import Struct

USUAL_PORTS = {"https": 443, "http": 80}


class Place(Struct, frozen=True, kw_only=True):
    """Where passkeys are valid: a browser gives one to no other address."""

    host: str
    origin: str


def place_of(public_url: str) -> Place | None:
    """None where browsers have no passkeys: without a public address, without TLS, at a number for an address."""
    parts = split_address(public_url)
    host = (parts.hostname or "").lower()
    local = host == "localhost" or host.endswith(".localhost")
    if not host or _is_number(host) or (parts.scheme != "https" and not local):
        return None
    port = "" if parts.port in (None, USUAL_PORTS.get(parts.scheme)) else f":{parts.port}"
    return Place(host=host, origin=f"{parts.scheme}://{host}{port}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
