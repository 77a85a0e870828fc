"""How often a password or a code may be tried, and how long the next try waits.

Each address may be wrong a few times. A user is never locked: what many addresses try together makes a try for that
user slower, and leaves each address fewer of them. A browser in which the user has signed in before is counted by
itself, whatever others do. All of it fades with time.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence

from makeready.installation import Installation
from makeready_hooks.errors import CallRejected
from msgspec import Struct

from makeready_admin.users.marks import mark_of
from makeready_admin.users.model import Session
from makeready_admin.users.store.tries import Limit, tries_of

WINDOW_S, HOUR_S = 900.0, 3600.0
TRIES, TRIES_OF_ADDRESS = 10, 50
"""Wrong ones within the window: for a name from one address, or from a known browser; for any name from an address."""
TRIES_UNDER_ATTACK = 3
"""Instead of `TRIES`, for a name that many addresses guess at."""
FREE, ATTACKED, MOST_COUNTED = 20, 100, 200
"""Wrong ones for a name, from browsers that are not known: so many cost nothing; from so many on it is an attack;
more are not counted. They fade within an hour.
"""
DELAY_EACH_S, LONGEST_DELAY_S = 0.1, 4.0
MOST_WAITING = 50
"""More tries at once do not wait, since each holds a connection: their passwords are looked at one after the other."""
TRIES_OF_CODE = 10
"""Wrong codes within an hour."""
NETWORK_BITS = 56
"""What one household or company has of IPv6."""


class Origin(Struct, frozen=True, kw_only=True):
    """Where a try comes from."""

    address: str
    device: str = ""
    """The id of a browser in which this user has signed in before."""


class Counted(Struct, frozen=True, kw_only=True):
    """A try that may be made. If it goes well, those before it are forgotten."""

    forgotten: tuple[str, ...]
    one_less: tuple[str, ...] = ()
    delay_s: float = 0.0


class _Waiting:
    """Tries that are held back in this process."""

    count = 0

    async def wait(self, delay_s: float) -> None:
        if not delay_s or self.count >= MOST_WAITING:
            return
        self.count += 1
        try:
            await asyncio.sleep(delay_s)
        finally:
            self.count -= 1


_waiting = _Waiting()


async def begin_password(installation: Installation, name: str, origin: Origin) -> Counted:
    """Count a try before the password is looked at, and hold it back as long as it has to wait.

    Raises CallRejected 429. Takes as long for names that no user has.
    """
    if origin.device and (counted := await _begin_known(installation, "password", origin.device)):
        return counted
    network = network_of(origin.address)
    own = await mark_of(installation, "password", name, network)
    of_address, of_name = (
        await mark_of(installation, "address", network),
        await mark_of(installation, "name", name),
    )

    def limits(pressure: float) -> Sequence[Limit]:
        most = TRIES_UNDER_ATTACK if pressure >= ATTACKED else TRIES
        return _limit(own, most, WINDOW_S), _limit(of_address, TRIES_OF_ADDRESS, WINDOW_S)

    pressure = await _count(installation, limits, _limit(of_name, MOST_COUNTED, HOUR_S))
    delay_s = min(LONGEST_DELAY_S, max(0.0, pressure - FREE) * DELAY_EACH_S)
    await _waiting.wait(delay_s)
    return Counted(forgotten=(own,), one_less=(of_address, of_name), delay_s=delay_s)


async def begin_present_password(installation: Installation, session: Session) -> Counted:
    """For somebody who is signed in, and asked again: counted for this session. Raises CallRejected 429."""
    key = await mark_of(installation, "session", session.id)
    await _count(installation, lambda _: (_limit(key, TRIES, WINDOW_S),))
    return Counted(forgotten=(key,))


async def begin_code(installation: Installation, user: str, origin: Origin) -> Counted:
    """A code of six digits can be guessed, so all addresses are counted together. Raises CallRejected 429."""
    if origin.device and (counted := await _begin_known(installation, "code", origin.device)):
        return counted
    key = await mark_of(installation, "code", user)
    await _count(installation, lambda _: (_limit(key, TRIES_OF_CODE, HOUR_S),))
    return Counted(forgotten=(key,))


async def went_well(installation: Installation, counted: Counted) -> None:
    await tries_of(installation).take_back(counted.forgotten, counted.one_less)


async def _begin_known(installation: Installation, what: str, device: str) -> Counted | None:
    """None if there were too many from this browser: from now on it is like any other."""
    key = await mark_of(installation, what, "device", device)
    most, window_s = (TRIES, WINDOW_S) if what == "password" else (TRIES_OF_CODE, HOUR_S)
    try:
        await _count(installation, lambda _: (_limit(key, most, window_s),))
    except CallRejected:
        return None
    return Counted(forgotten=(key,))


async def _count(
    installation: Installation, limits: Callable[[float], Sequence[Limit]], pressed: Limit | None = None
) -> float:
    """The pressure before this try. Raises CallRejected 429."""
    wait_s, pressure = await tries_of(installation).count(limits, pressed, now=installation.clock())
    if wait_s:
        minutes = int(wait_s // 60) + 1
        raise CallRejected(
            "There were too many attempts.",
            status=429,
            fix=f"Try again in {minutes} minute{'' if minutes == 1 else 's'}.",
        )
    return pressure


def _limit(key: str, most: int, fades_in_s: float) -> Limit:
    return Limit(key=key, most=most, per_s=most / fades_in_s)


def network_of(address: str) -> str:
    """Whom an address stands for: of IPv6, all that one customer of a provider can use."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, NETWORK_BITS), strict=False))
