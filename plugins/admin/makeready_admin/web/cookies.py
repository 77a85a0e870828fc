"""What the browser holds, signed: a session; what comes before one; that its user has signed in here before."""

import hashlib
import secrets
from typing import Literal
from urllib.parse import urlsplit

from itsdangerous import BadSignature, Signer
from makeready.installation import Installation
from makeready_hooks import same_secret
from starlette.requests import Request
from starlette.responses import Response

from makeready_admin.users.devices import KEPT_S
from makeready_admin.users.marks import cookie_key

SESSION, FORM, SECOND, DEVICE = "makeready", "makeready-form", "makeready-second", "makeready-device"
ROUND = "makeready-provider"
SameSite = Literal["lax", "strict"]
HOST_PREFIX = "__Host-"
"""A browser takes such a cookie only over TLS, for this host alone."""


class Cookies:
    """Of one request."""

    def __init__(self, request: Request, signer_key: str, public_url: str) -> None:
        self._request = request
        self._key = signer_key
        self._secure = public_url.startswith("https:") or request.url.scheme == "https"
        self.own_hosts = (request.headers.get("host", ""), urlsplit(public_url).netloc)
        """Where our forms come from: a server in front may not pass on the name that the browser used."""

    @classmethod
    async def of(cls, installation: Installation, request: Request) -> "Cookies":
        public_url = await installation.store.subscribers.public_url()
        return cls(request, await cookie_key(installation), public_url)

    def session(self) -> str:
        return self._read(SESSION)

    def begin_session(self, response: Response, token: str) -> None:
        self._write(response, SESSION, token, "lax")

    def end_session(self, response: Response) -> None:
        self._delete(response, SESSION, "lax")

    def second_step(self) -> str:
        """Of a sign-in whose password was right."""
        return self._read(SECOND)

    def begin_second_step(self, response: Response, token: str) -> None:
        self._write(response, SECOND, token, "strict")

    def end_second_step(self, response: Response) -> None:
        self._delete(response, SECOND, "strict")

    def round(self) -> str:
        """Of a sign-in through the identity provider, sealed. A redirect of the provider has to bring it back."""
        return self._read(ROUND)

    def begin_round(self, response: Response, sealed: str) -> None:
        self._write(response, ROUND, sealed, "lax")

    def end_round(self, response: Response) -> None:
        self._delete(response, ROUND, "lax")

    def device(self) -> str:
        return self._read(DEVICE)

    def begin_device(self, response: Response, value: str) -> None:
        self._write(response, DEVICE, value, "strict", max_age_s=int(KEPT_S))

    def form_word(self) -> str:
        """What a form carries that is shown before anybody has signed in: the same as the cookie holds."""
        return self._read(FORM) or secrets.token_urlsafe(24)

    def begin_form(self, response: Response, word: str) -> None:
        self._write(response, FORM, word, "strict")

    def is_own_form(self, word: str) -> bool:
        return same_secret(word, self._read(FORM))

    def _name(self, name: str) -> str:
        return HOST_PREFIX + name if self._secure else name

    def _signer(self, name: str) -> Signer:
        return Signer(self._key, salt=name, key_derivation="hmac", digest_method=hashlib.sha256)

    def _read(self, name: str) -> str:
        try:
            value = self._request.cookies.get(self._name(name), "")
            return self._signer(name).unsign(value).decode()
        except (BadSignature, UnicodeDecodeError):
            return ""

    def _write(
        self, response: Response, name: str, value: str, same_site: SameSite, *, max_age_s: int | None = None
    ) -> None:
        signed = self._signer(name).sign(value).decode()
        response.set_cookie(
            self._name(name),
            signed,
            max_age=max_age_s,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite=same_site,
        )

    def _delete(self, response: Response, name: str, same_site: SameSite) -> None:
        response.delete_cookie(
            self._name(name), path="/", secure=self._secure, httponly=True, samesite=same_site
        )
