"""Addresses that were handed to us by others: read strictly, and where they may lead.

An address can point anywhere, and can be written in ways that two readers read differently. So what is checked is not
the text: it is the numeric address of each socket, at the moment that it is opened; see docs/adr/0011.
"""

import asyncio
import ipaddress
import os
import re
import socket
from collections.abc import Collection, Mapping
from functools import lru_cache

import httpx
from makeready_hooks.errors import ConfigError, Refused

LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")
PLAIN = re.compile(r"(https?://[^/?#]+)((?:/[\w~-][\w.~-]*)+)", re.ASCII)
"""A server, and a path of which there is one reading only."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PRIVATE_NETWORKS = "MAKEREADY_PRIVATE_NETWORKS"
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
    if address.userinfo and what != FILE:
        raise Refused(
            f"{what} holds a name or a password.", fix="Leave that out, and enter it as a setting of its own."
        )
    return address


@lru_cache(maxsize=512)
def server_address(url: str, field: str = "") -> httpx.URL:
    """The same of a setting. Raises ConfigError that names the ``field``."""
    try:
        return read_address(url, "The address of a server")
    except Refused as exc:
        raise ConfigError(exc.message, field=field, fix=exc.fix) from None


def read_target(url: str) -> tuple[httpx.URL, str]:
    """The server of a call, and what it is asked for: a path, with a query if there is one. Raises as `server_address`."""
    if plain := PLAIN.fullmatch(url):  # hardly any path comes twice, and each server many times
        return server_address(plain[1]), plain[2]
    address = server_address(url)
    return address, address.raw_path.decode("ascii")


def origin(address: httpx.URL) -> str:
    """Scheme, host and port: what a secret is given for."""
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    return f"{address.scheme}://{host_of(address)}:{port}"


def host_name(url: str) -> str:
    """In lower case; "" for what is no address of the web."""
    try:
        return read_address(url).host
    except Refused:
        return ""


def is_public(address: str) -> bool:
    """Whether a numeric address lies in the open internet; False for anything else."""
    found = _carried(address)
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast
    return found is not None and found in OPEN_V6 and found.is_global


def _carried(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """What is reached: of an IPv6 address that carries one of IPv4, that one. None for what is no number."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address) or found == ipaddress.IPv6Address("::1"):
        return found
    if any(found in network for network in CARRYING_V4):
        return ipaddress.IPv4Address(found.packed[-4:])
    return found.sixtofour or found


class Forbidden(PermissionError):
    """A host leads to an address that may not be reached; no socket was opened."""

    def __init__(self, host: str, address: str) -> None:
        leads = "" if host == address else f" leads to {address}, which"
        super().__init__(f"{host}{leads} lies in a private network.")


class Reach:
    """Where calls may lead: into the open internet, and into the private networks that an operator has allowed."""

    def __init__(self, hosts: Collection[str] = (), networks: Collection[Network] = ()) -> None:
        self._hosts, self._networks = frozenset(hosts), tuple(networks)

    @classmethod
    def read(cls, text: str) -> "Reach":
        """From ``10.0.0.0/8, mis.example``: networks, addresses, and names of hosts. Raises ConfigError."""
        hosts, networks = [], []
        for one in filter(None, re.split(r"\.?[,\s]+", f"{text.lower()},")):
            try:
                networks.append(ipaddress.ip_network(one))
            except ValueError:
                if not _is_host(one) or one.rpartition(".")[2].isdigit():
                    raise ConfigError(
                        f"{one} is neither a network nor the name of a host.",
                        field=PRIVATE_NETWORKS,
                        fix=f"Write {PRIVATE_NETWORKS} as in 10.0.0.0/8,mis.example.",
                    ) from None
                hosts.append(one)
        return cls(hosts, networks)

    @classmethod
    def of_environment(cls, environ: Mapping[str, str] = os.environ) -> "Reach":
        return cls.read(environ.get(PRIVATE_NETWORKS, ""))

    def allows(self, host: str, address: str) -> bool:
        """Whether a call to this host, in lower case, may connect to this numeric address."""
        found = _carried(address)
        return found is not None and (
            is_public(address) or host in self._hosts or any(found in one for one in self._networks)
        )

    async def check(self, address: httpx.URL) -> list[str]:
        """Where it leads. Raises Forbidden if no call would go there, OSError if it leads nowhere."""
        host, loop = host_of(address), asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, address.port, type=socket.SOCK_STREAM)
        numbers = sorted({str(one[4][0]) for one in found})
        for number in numbers:
            if not self.allows(host, number):
                raise Forbidden(host, number)
        return numbers


def host_of(address: httpx.URL) -> str:
    """As it is looked up."""
    return address.raw_host.decode("ascii").lower().removesuffix(".")


def place(address: httpx.URL) -> tuple[str, str]:
    """Host with port, and path, as they are noted: never the query, the name or the password."""
    return address.netloc.decode("ascii"), address.raw_path.decode("ascii").partition("?")[0]


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
