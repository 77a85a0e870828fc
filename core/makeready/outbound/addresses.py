"""Addresses that were handed to us by others: read strictly, and which of them lie in the open internet."""

import ipaddress
import re

import httpx
from makeready_hooks.errors import Refused

LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")
FILE = "The file's address"
MOST_HOST = 253
"""Characters of a host's name, by the rules of the DNS."""

OPEN_V6 = ipaddress.IPv6Network("2000::/3")
CARRYING_V4 = (
    ipaddress.IPv6Network("::ffff:0:0/96"),
    ipaddress.IPv6Network("::/96"),
    ipaddress.IPv6Network("64:ff9b::/96"),
)
"""Networks of IPv6 whose last four bytes are an address of IPv4: written so, or reached through a translator."""


def read_address(url: str, what: str = FILE) -> httpx.URL:
    """The address as it will be called. Raises Refused, in words about ``what``, for what is none of the web."""
    try:
        address = httpx.URL(url)
        host, port = address.host, address.port
    except (httpx.InvalidURL, ValueError):  # of the latter kind are names that cannot be encoded
        raise _unreadable(what) from None
    if address.scheme not in ("http", "https") or not host:
        raise Refused(f"{what} is not one of the web.", fix="It must begin with https://.")
    if not (port is None or 0 < port < 65536) or not _is_host(address.raw_host.decode("ascii")):
        raise _unreadable(what)
    return address


def origin(address: httpx.URL) -> str:
    """Scheme, host and port: what a secret is given for."""
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    return f"{address.scheme}://{address.raw_host.decode('ascii').removesuffix('.')}:{port}"


def host_name(url: str) -> str:
    """In lower case; "" for what is no address of the web."""
    try:
        return read_address(url).host
    except Refused:
        return ""


def is_public(address: str) -> bool:
    """Whether a numeric address lies in the open internet; False for anything else."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast
    if any(found in network for network in CARRYING_V4):
        return is_public(str(ipaddress.IPv4Address(found.packed[-4:])))
    if found.sixtofour is not None:
        return is_public(str(found.sixtofour))
    return found in OPEN_V6 and found.is_global


def anywhere(address: str) -> bool:
    """For who may reach every address, private ones too."""
    return bool(address)


def _is_host(host: str) -> bool:
    if ":" in host:
        return _is_v6(host)
    return len(host) <= MOST_HOST and all(map(LABEL.fullmatch, host.removesuffix(".").split(".")))


def _is_v6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return "%" not in host


def _unreadable(what: str) -> Refused:
    fix = "Correct it, or upload the file again." if what == FILE else "Write it as in https://mis.example."
    return Refused(f"{what} cannot be read.", fix=fix)
