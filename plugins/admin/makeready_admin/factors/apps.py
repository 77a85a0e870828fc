"""Apps that show six digits (TOTP, RFC 6238): the picture that sets one up, and whether a code is of now."""

import pyotp
from makeready_hooks import same_secret
from markupsafe import Markup

PERIOD_S = 30
DRIFT = 1
"""So many periods before and after are taken as well: clocks differ, and people type slowly."""


def new_secret() -> str:
    return pyotp.random_base32()


def set_up_address(secret: str, user: str, server: str) -> str:
    """``otpauth://totp/…``, as apps read it. ``server``: what the app shows beside the user's name."""
    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=server)


def picture(address: str) -> Markup:
    """A QR code as SVG, dark on white in every colour scheme: cameras expect it so. Without styles, for the policy."""
    import segno  # noqa: PLC0415 - few people set one up

    svg: str = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", omitsize=True)
    return Markup(svg.replace("<svg ", '<svg role="img" aria-label="QR code to scan with the app" ', 1))  # noqa: S704


def period_of(secret: str, code: str, now: float, *, after: int) -> int:
    """The period of 30 seconds whose code this is; 0 if it is none of about now, or none ``after`` the last."""
    this = int(now // PERIOD_S)
    for period in range(this - DRIFT, this + DRIFT + 1):
        if same_secret(code, pyotp.TOTP(secret).generate_otp(period)) and period > after:
            return period
    return 0


def spaces_out(secret: str) -> str:
    """In groups of four, to be typed."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
