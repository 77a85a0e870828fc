"""The conversation with the provider: the authorization code flow with PKCE, and an ID token that is verified.

Authlib makes the requests and checks the claims; the calls go through our own client, which holds where they may lead.
Authlib is loaded when somebody signs in so: most installations never do.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec
import structlog
from makeready.outbound.addresses import Reach, server_address
from makeready.outbound.client import failures, for_a_person, forgetful_client, guarded
from makeready_hooks.errors import CallRejected, ConfigError, RetryLater

from makeready_admin.provider.model import BegunRound, Endpoints, Identity, Provider
from makeready_admin.web.texts import gettext as _

log = structlog.get_logger("makeready.pages")

DEADLINE_S = 10.0
MOST_BYTES = 1_000_000
SCOPE = "openid email profile"
LEEWAY_S = 120
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
"""Signatures with a key that only the provider has."""
WELL_KNOWN = "/.well-known/openid-configuration"


async def discover(issuer: str, reach: Reach) -> Endpoints:
    """What the provider says of itself. Raises ConfigError for what is no provider of this name, RetryLater."""
    answer = await _call(reach, "GET", issuer.rstrip("/") + WELL_KNOWN)
    try:
        found = msgspec.convert(_json(answer), Endpoints)
    except (msgspec.ValidationError, ValueError):
        raise ConfigError(
            "There is no OpenID Connect provider at this address.",
            field="issuer",
            fix=f"Give the issuer as the provider calls it; {WELL_KNOWN} must be there.",
        ) from None
    if found.issuer != issuer:
        raise ConfigError(
            f"The provider calls itself {found.issuer}.",
            field="issuer",
            fix="Give its address exactly so.",
        )
    for url in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
        server_address(url, "issuer")
    return found


def address_of_sign_in(
    provider: Provider, found: Endpoints, begun: BegunRound, back: str, **more: str
) -> str:
    """Where the browser goes. ``back``: to where it comes back."""
    from authlib.oauth2.client import OAuth2Client  # noqa: PLC0415 - see above

    client = OAuth2Client(
        None, client_id=provider.client_id, scope=SCOPE, redirect_uri=back, code_challenge_method="S256"
    )
    url, _state = client.create_authorization_url(
        found.authorization_endpoint,
        state=begun.state,
        code_verifier=begun.verifier,
        nonce=begun.nonce,
        **more,
    )
    return str(url)


async def identity(
    provider: Provider, secret: str, begun: BegunRound, code: str, back: str, reach: Reach, now: float
) -> Identity:
    """Who the code is for. Raises RetryLater, ConfigError; CallRejected for an answer that proves nothing."""
    found = await discover(provider.issuer, reach)
    tokens = await _tokens(provider, secret, found, begun, code, back, reach)
    keys = _json(await _call(reach, "GET", found.jwks_uri))
    claims = _verified(provider, found, tokens, keys, begun.nonce, now)
    if found.userinfo_endpoint and not {"email", provider.claim} <= claims.keys():
        claims = await _more_claims(found, str(tokens.get("access_token", "")), claims, reach)
    email = claims.get("email")
    verified = isinstance(email, str) and claims.get("email_verified") is True
    name = claims.get("preferred_username") or claims.get("name") or email or claims["sub"]
    return Identity(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        email=str(email) if verified else "",
        name=str(name),
        claims=claims,
    )


async def _tokens(
    provider: Provider, secret: str, found: Endpoints, begun: BegunRound, code: str, back: str, reach: Reach
) -> Mapping[str, Any]:
    from authlib.oauth2.auth import ClientAuth  # noqa: PLC0415 - see above
    from authlib.oauth2.rfc6749.parameters import prepare_token_request  # noqa: PLC0415 - see above

    body = prepare_token_request(
        "authorization_code", code=code, redirect_uri=back, code_verifier=begun.verifier
    )
    method = _method(secret, found)
    auth = ClientAuth(provider.client_id, secret, method)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    url, headers, body = auth.prepare("POST", found.token_endpoint, headers, body)
    answer = await _call(reach, "POST", url, headers=headers, content=body.encode())
    tokens = _json(answer)
    if answer.status_code != httpx.codes.OK or not isinstance(tokens, dict) or "id_token" not in tokens:
        error = tokens.get("error") if isinstance(tokens, dict) else ""
        if error in ("invalid_client", "unauthorized_client"):
            raise ConfigError(
                f"{provider.title} does not accept this installation: client ID or secret is wrong.",
                fix="An operator corrects it on the page Server, under Identity provider.",
            )
        raise _unproven(provider, f"it answers {answer.status_code} {error}")
    return tokens


def _method(secret: str, found: Endpoints) -> str:
    if not secret:
        return "none"
    basic = "client_secret_basic"
    methods = found.token_endpoint_auth_methods_supported
    return "client_secret_post" if basic not in methods and "client_secret_post" in methods else basic


def _verified(
    provider: Provider, found: Endpoints, tokens: Mapping[str, Any], keys: Any, nonce: str, now: float
) -> dict[str, Any]:
    """Claims of the ID token. Raises CallRejected unless the provider signed them, for us, for this round, and now."""
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - see above
    from joserfc import jwt  # noqa: PLC0415 - see above
    from joserfc.errors import JoseError  # noqa: PLC0415 - see above
    from joserfc.jwk import KeySet  # noqa: PLC0415 - see above

    algorithms = [one for one in found.id_token_signing_alg_values_supported if one in ALGORITHMS]
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "exp": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")}
    try:
        token = jwt.decode(str(tokens["id_token"]), KeySet.import_key_set(keys), algorithms=algorithms)
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(now=int(now), leeway=LEEWAY_S)
    except (JoseError, ValueError, KeyError, TypeError) as exc:
        raise _unproven(provider, f"its ID token is not valid: {exc}") from None
    return dict(claims)


async def _more_claims(
    found: Endpoints, access_token: str, claims: Mapping[str, Any], reach: Reach
) -> dict[str, Any]:
    """Those that the provider tells only when it is asked. What the ID token says counts."""
    headers = {"Authorization": f"Bearer {access_token}"}
    answer = await _call(reach, "GET", found.userinfo_endpoint, headers=headers)
    more = _json(answer) if answer.status_code == httpx.codes.OK else {}
    return {**more, **claims} if isinstance(more, dict) and more.get("sub") == claims["sub"] else dict(claims)


def _unproven(provider: Provider, why: str) -> CallRejected:
    log.warning("the identity provider proves nothing", issuer=provider.issuer, reason=why)
    return CallRejected(
        _("%(title)s did not prove who you are.") % {"title": provider.title},
        status=401,
        fix=_(
            "Begin again from the page Sign in. If it stays so, tell the operator: the log has the reason."
        ),
    )


async def _call(reach: Reach, method: str, url: str, **options: Any) -> httpx.Response:
    """Raises ConfigError for an address where no call may lead, RetryLater if nobody answers."""
    host = server_address(url, "issuer").host
    try:
        async with forgetful_client(guarded(reach), timeout_s=DEADLINE_S) as client:
            answer = await client.request(method, url, **options)
    except failures() as exc:
        raise for_a_person(exc, host) or RetryLater(
            _("The identity provider at %(host)s cannot be reached.") % {"host": host},
            fix=_("Sign in with your password, or try again later."),
        ) from None
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or len(answer.content) > MOST_BYTES:
        raise RetryLater(
            f"The identity provider at {host} answers {answer.status_code}.",
            fix="Sign in with your password, or try again later.",
        )
    return answer


def _json(answer: httpx.Response) -> Any:
    """None for what is none."""
    try:
        return json.loads(answer.content)
    except ValueError:
        return None
