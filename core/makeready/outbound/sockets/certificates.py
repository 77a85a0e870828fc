"""Why a server's certificate is not taken, in words: of whom it is, by whom, until when, and the way out."""

import asyncio
import ssl
from datetime import UTC, datetime

from makeready_hooks.errors import ConfigError

from makeready.outbound.client import CA_FILE

TOO_EARLY, EXPIRED, OTHER_NAMES, UNKNOWN = 9, 10, (62, 64), (2, 18, 19, 20, 21)
"""Of OpenSSL's ``X509_V_ERR_…``."""
MOST_NAMES = 100
RENEW = "Have it renewed by whoever runs the server; what waits goes on by itself then."
CLOCKS = "Have the clocks of both machines set; what waits goes on by itself then."
OTHER = "Correct the address in the settings, or have a certificate made for this name."
OWN = (
    f"If the printer has an authority of its own, ask the operator of Makeready to name it ({CA_FILE}); "
    "else have the server send a certificate of a known one, with those between."
)


class BadCertificate(OSError):
    """It is not taken, so nothing was sent. ``error``: what it means."""

    def __init__(self, host: str, why: ssl.SSLCertVerificationError, der: bytes) -> None:
        self.error = meaning(host, why, der)


def unverified() -> ssl.SSLContext:
    """For looking at a certificate, and for nothing else."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def shown_at(address: str, port: int, host: str) -> bytes:
    """The certificate that is shown for a host at a numeric address, in DER. Raises OSError."""
    _, writer = await asyncio.open_connection(address, port, ssl=unverified(), server_hostname=host)
    writer.transport.abort()
    return writer.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""


def meaning(host: str, why: ssl.SSLCertVerificationError, der: bytes) -> ConfigError:
    """``der``: the certificate itself; empty if it was not seen."""
    from cryptography import x509  # noqa: PLC0415 - hardly ever wanted

    kind, said, fix = why.verify_code, f"is not taken: {why.verify_message}", RENEW
    try:
        shown = x509.load_der_x509_certificate(der)
        by = _text(str([*shown.issuer][-1].value))
        named = (one.value for one in shown.extensions if isinstance(one.value, x509.SubjectAlternativeName))
        names = _text(", ".join(str(name.value) for one in named for name in one))
    except Exception:  # noqa: BLE001 - a server can show anything
        return ConfigError(f"The certificate of {host} {said}.", fix=fix)
    since, until = shown.not_valid_before_utc, shown.not_valid_after_utc
    lasts = f"valid until {_day(until)},"
    if kind == EXPIRED and until < datetime.now(UTC):
        lasts, said = "", f"expired on {_day(until)}"
    elif kind == TOO_EARLY:
        lasts, said, fix = "", f"is valid from {_day(since)} on, which is not yet", CLOCKS
    elif kind in OTHER_NAMES:
        said, fix = f"is for {names} and for no other name", OTHER
    elif kind in UNKNOWN:
        said, fix = "is of no authority that is known here", OWN
    by = "signed by itself" if shown.issuer == shown.subject else f"issued by {by}"
    return ConfigError(" ".join(f"The certificate of {host}, {by}, {lasts} {said}.".split()), fix=fix)


def _text(text: str) -> str:
    """It comes from outside."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())[:MOST_NAMES] or "nobody"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
