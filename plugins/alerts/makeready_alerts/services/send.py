"""Messages to chats and phones through the services that Apprise knows.

Apprise runs in a process of its own, for one message: it loads much, and it speaks by sockets of its own, which that process
holds to the same rules as ours (see `makeready_alerts.services.process`).
"""

import asyncio
import os
import sys
from urllib.parse import quote, urlsplit

import msgspec
from makeready.outbound.addresses import PRIVATE_NETWORKS
from makeready.outbound.call_timer import StartCall
from makeready.outbound.client import CA_FILE, PROXY
from makeready_hooks.errors import ConfigError, RetryLater
from msgspec import Struct

WITHIN_S = 40.0
MODULE = "makeready_alerts.services.process"
DELIVERED = 200
WITH_HOST = ("http", "https", "mmost", "mmosts", "ntfy", "ntfys")
SLACK = ("hooks.slack.com", "hooks.slack-gov.com")
PASSED_ON = ("PATH", "LANG", "PYTHONPATH", "SYSTEMROOT", CA_FILE, PROXY, PRIVATE_NETWORKS)
"""Variables that the process gets: no secret of anybody is among them."""


class ServiceMessage(Struct, frozen=True, kw_only=True):
    """What the process is given."""

    url: str
    title: str
    body: str


class ServiceResult(Struct, frozen=True, kw_only=True):
    """What it answers."""

    known: bool
    """Whether Apprise knows such an address."""
    delivered: bool = False
    reason: str = ""
    """Why not, in words without the address."""
    forbidden: str = ""
    """A host that lies in a private network, which nobody has allowed."""


def chat_address(url: str) -> str:
    """An Apprise address. An incoming webhook that is not Slack's own is called as Mattermost's, which takes the same."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname in SLACK or "/hooks/" not in parts.path:
        return url
    before, _, token = parts.path.rpartition("/hooks/")
    scheme = "mmosts" if parts.scheme == "https" else "mmost"
    return f"{scheme}://{parts.netloc}{before}/{token}"


def ntfy_address(url: str) -> str:
    """An Apprise address, of ``https://ntfy.example/our-topic``."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return url
    scheme = "ntfys" if parts.scheme == "https" else "ntfy"
    return f"{scheme}://{parts.netloc}/{quote(parts.path.strip('/'))}"


async def send_by_service(url: str, field: str, title: str, body: str, begin: StartCall) -> None:
    """Raises ConfigError for an address that no service has, or that leads into a private network; RetryLater if the
    message was not taken.
    """
    call = begin("SEND", _place(url), "")
    try:
        _check(await _result(ServiceMessage(url=url, title=title, body=body)), field)
    except (ConfigError, RetryLater) as exc:
        call.ended(error=exc.message)
        raise
    call.ended(status=DELIVERED)


def _place(url: str) -> str:
    """What is noted of it. In other addresses a secret may stand where a host stands in these."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] if parts.scheme in WITH_HOST else parts.scheme


async def _result(message: ServiceMessage) -> ServiceResult:
    pipe = asyncio.subprocess.PIPE
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=environ
    )
    try:
        answer, _ = await asyncio.wait_for(process.communicate(msgspec.json.encode(message)), WITHIN_S)
        return msgspec.json.decode(answer, type=ServiceResult)
    except TimeoutError:
        return ServiceResult(known=True, reason=f"no answer came within {WITHIN_S:g} s")
    except msgspec.DecodeError:
        return ServiceResult(known=True, reason="the process that sends it failed")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _check(found: ServiceResult, field: str) -> None:
    if not found.known:
        raise ConfigError(
            "No service is known that has such an address.",
            field=field,
            fix="Give the address of an incoming webhook, that of a topic of ntfy, or one in the form of Apprise.",
        )
    if found.forbidden:
        raise ConfigError(
            f"{found.forbidden} lies in a private network.",
            field=field,
            fix=f"Ask the operator of Makeready to allow it ({PRIVATE_NETWORKS}), or correct the address in the settings.",
        )
    if not found.delivered:
        raise RetryLater(f"The alert was not taken: {found.reason or 'the service does not say why'}.")
