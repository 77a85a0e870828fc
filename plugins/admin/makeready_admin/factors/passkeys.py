"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is right.

Import it where it is used: WebAuthn takes 8 MB and a tenth of a second.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from makeready_hooks.errors import ConfigError
from msgspec import Struct
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from makeready_admin.factors.model import Factor
from makeready_admin.factors.places import Place


class NewPasskey(Struct, frozen=True, kw_only=True):
    credential_id: str
    public_key: bytes
    counter: int


def ask_for_new(place: Place, user: str, handle: bytes, factors: Sequence[Factor], challenge: str) -> str:
    """JSON for the browser. ``handle``: names the user to the passkey, and tells nobody who it is."""
    return options_to_json(
        generate_registration_options(
            rp_id=place.host,
            rp_name="Makeready",
            user_name=user,
            user_id=handle,
            challenge=base64url_to_bytes(challenge),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_named(factors),
        )
    )


def ask_for_known(place: Place, factors: Sequence[Factor], challenge: str) -> str:
    """JSON for the browser."""
    return options_to_json(
        generate_authentication_options(
            rp_id=place.host,
            challenge=base64url_to_bytes(challenge),
            allow_credentials=_named(factors),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def _named(factors: Sequence[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
        for one in factors
        if one.kind == "passkey"
    ]


def check_new(place: Place, answer: str, challenge: str) -> NewPasskey:
    """Raises ConfigError for an answer to another challenge, from another place, or without the person's consent."""
    with _told():
        made = verify_registration_response(
            credential=answer,
            expected_challenge=_asked(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    return NewPasskey(
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        counter=made.sign_count,
    )


def check_known(place: Place, factors: Sequence[Factor], answer: str, challenge: str) -> tuple[Factor, int]:
    """Which passkey it is, and how often it says it was used. Raises ConfigError as `check_new`."""
    with _told():
        given = parse_authentication_credential_json(answer)
        known = {one.credential_id: one for one in factors if one.kind == "passkey"}
        factor = known[bytes_to_base64url(given.raw_id)]
        checked = verify_authentication_response(
            credential=answer,
            expected_challenge=_asked(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=factor.public_key,
            credential_current_sign_count=factor.counter,
            require_user_verification=True,
        )
    return factor, checked.new_sign_count


def _asked(challenge: str) -> bytes:
    if not challenge:
        raise ValueError("There is no challenge, or it was answered.")
    return base64url_to_bytes(challenge)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever is wrong with an answer is told in the same way."""
    try:
        yield
    except (WebAuthnException, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        raise ConfigError(
            "The passkey was not accepted.", field="answer", fix="Load the page again, and repeat it."
        ) from None
