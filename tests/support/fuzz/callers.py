"""Everybody who calls: people of each role and company, programs with tokens, and those who pretend to be one.

What ends a caller's right, such as a new password or a removed token, is made good again, so that no part of the
application is shut for the rest of a run.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

import asgi
from authenticator import Authenticator
from browser import PASSWORD, hash_of_password
from companies import PUBLIC_URL, Companies
from makeready.access.tokens import make_token
from makeready_admin.factors import apps, factors, passkeys
from makeready_admin.factors.model import Factor
from makeready_admin.factors.places import Place
from makeready_admin.factors.store import factors_of
from makeready_admin.users.model import User, UserRole
from makeready_admin.users.store.users import users_of
from msgspec import Struct, field

ADDRESS = "10.0.0.9"
"""From which only right passwords come."""
SPARE = "oscar"
"""There is always another operator, so that each can be removed."""
MORE_THAN_WINDOW_S = 1000.0
FORM_TYPE = (b"content-type", b"application/x-www-form-urlencoded")
PLACE = Place(host=urlsplit(PUBLIC_URL).netloc, origin=PUBLIC_URL)
CHALLENGE = "A" * 43
_AUTHENTICATOR = Authenticator(PLACE.origin)
PASSKEY = _AUTHENTICATOR.make({"rp": {"id": PLACE.host}, "challenge": CHALLENGE})
SIGNED = _AUTHENTICATOR.sign({"rpId": PLACE.host, "challenge": CHALLENGE})
"""What a browser answers, to another challenge than is open."""
SECRETS = re.compile(rb"hush-hush-of-|\$argon2|a long sentence for tests")


class Form(Struct, frozen=True, kw_only=True):
    action: str
    fields: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]
    """Values that its fields offer."""


class Caller(Struct, kw_only=True):
    name: str
    company: str = ""
    """The only one that it is about; empty for all, and for nobody."""
    sees_all: bool = False
    role: UserRole | None = None
    """Of somebody who signs in."""
    rights: dict[str, Any] | None = None
    """Of a token."""
    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    """The last that was shown, by the template of its address."""
    csrf: str = ""
    factors: int = 0
    """How many second factors it has, none of which it can show."""

    @property
    def is_person(self) -> bool:
        return self.role is not None

    def headers(self) -> list[tuple[bytes, bytes]]:
        found = []
        if self.cookies:
            text = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            found.append((b"cookie", text.encode("latin-1", "replace")))
        if self.token:
            found.append((b"authorization", f"Bearer {self.token}".encode()))
        return found

    def keep_cookies(self, answer: asgi.Answer) -> None:
        for name, value in answer.headers:
            if name == b"set-cookie":
                key, _, rest = value.decode("latin-1").partition("=")
                self.cookies[key.strip()] = rest.partition(";")[0]


def everybody() -> list[Caller]:
    people: list[Caller] = [Caller(name="olga", role="operator", sees_all=True)]
    programs = [
        Caller(name="all", sees_all=True, rights={"subscriber": "", "read_only": False}),
        Caller(name="ops", sees_all=True, rights={"subscriber": "", "read_only": False, "operator": True}),
        Caller(name="looks", sees_all=True, rights={"subscriber": "", "read_only": True}),
    ]
    for company in ("northfield", "twinfield", "eastfield"):
        people += [
            Caller(name=f"{role}-of-{company}", company=company, role=role) for role in ("manager", "viewer")
        ]
        for rights in ("change", "read"):
            given = {"subscriber": company, "read_only": rights == "read"}
            programs.append(Caller(name=f"{rights}-{company}", company=company, rights=given))
    half = Caller(name="half-signed-in", company="northfield", role="viewer", factors=2)
    return [*people, half, *programs, *strangers()]


def strangers() -> list[Caller]:
    """They may do nothing."""
    forged = "x" * 43
    return [
        Caller(name="nobody"),
        Caller(name="forged", cookies={"makeready": f"{forged}.{forged}", "makeready-form": "a.b"}),
        Caller(name="unsigned", cookies={"makeready": forged, "__Host-makeready": forged}),
        Caller(name="odd-cookies", cookies={"makeready": '"\\377"', 'a"b': "é", "": ";"}),
        Caller(name="guess", token="mkr_ops_guess"),
        Caller(name="expired", token="expired"),
        Caller(name="revoked", token="revoked"),
    ]


def _csrf(answer: asgi.Answer) -> str:
    found = re.search(rb'name="csrf" value="([^"]+)"', answer.body)
    return found[1].decode() if found else ""


class Callers:
    def __init__(self, app: Any, companies: Companies) -> None:
        self._app = app
        self._companies = companies
        self._installation = companies.installation
        self.all = everybody()
        self.secrets: dict[bytes, str] = {}
        """What no answer may hold, and whose it is."""

    async def start(self) -> None:
        spare = User(
            name=SPARE,
            role="operator",
            subscriber="",
            password_hash=hash_of_password(),
            created_at=0,
            password_at=0,
        )
        await users_of(self._installation).add(spare)
        for one in self.all:
            await self.renew(one)

    async def renew(self, one: Caller) -> None:
        """They may do again what they could at the beginning."""
        if one.role is not None:
            await self._sign_in(one, one.role)
        elif one.rights is not None:
            await self._installation.store.tokens.remove(one.name)
            one.token = await make_token(self._installation, one.name, **{"operator": False, **one.rights})
            self.secrets[one.token.split("_", 2)[-1].encode()] = one.name
        elif one.name in ("expired", "revoked"):
            await self._end_token(one)

    async def is_as_made(self, one: Caller) -> bool:
        """False for a person whom somebody has given another role, or another company."""
        if one.role is None:
            return True
        user = await users_of(self._installation).get(one.name)
        return user is None or (user.role, user.subscriber) == (one.role, one.company)

    async def _end_token(self, one: Caller) -> None:
        rights = {"subscriber": "northfield", "read_only": False}
        await self._installation.store.tokens.remove(one.name)
        days = 1e-6 if one.name == "expired" else 0
        one.token = await make_token(self._installation, one.name, expires_days=days, **rights)
        self._companies.clock.now += 1
        if one.name == "revoked":
            await self._installation.store.tokens.remove(one.name)

    async def _sign_in(self, one: Caller, role: UserRole) -> None:
        await self._restore(one, role)
        for _ in range(2):
            one.cookies.clear()
            shown = await self._send(one, "GET", "/admin/sign-in")
            fields = {"name": one.name, "password": PASSWORD, "csrf": _csrf(shown), "next": ""}
            body = "&".join(f"{name}={quote(value)}" for name, value in fields.items())
            answer = await self._send(one, "POST", "/admin/sign-in", body.encode())
            if answer.status == 303:
                break
            self._companies.clock.now += MORE_THAN_WINDOW_S  # somebody has tried too often
        assert answer.status == 303, answer.body
        shown_next = "/admin/sign-in/second" if one.factors else "/admin/account"
        one.csrf = _csrf(await self._send(one, "GET", shown_next))
        for name in ("makeready", "__Host-makeready"):
            if one.cookies.get(name):
                self.secrets[one.cookies[name].encode()] = one.name

    async def _send(self, one: Caller, method: str, path: str, body: bytes = b"") -> asgi.Answer:
        headers = [*one.headers(), FORM_TYPE, (b"host", PLACE.host.encode())]
        request = asgi.Request(method=method, path=path, headers=headers, body=body, client=ADDRESS)
        answer = await asgi.send(self._app, request)
        one.keep_cookies(answer)
        return answer

    async def _restore(self, one: Caller, role: UserRole) -> None:
        kept, now = users_of(self._installation), self._companies.clock()
        given = User(
            name=one.name,
            role=role,
            subscriber=one.company,
            password_hash=hash_of_password(),
            created_at=now,
            password_at=now,
        )
        if not await kept.add(given):
            await kept.set_role(one.name, role, one.company)
            await kept.set_disabled(one.name, disabled=False)
            await kept.set_password(one.name, given.password_hash, now=now)
        await factors.require(self._installation, False)
        await factors_of(self._installation).remove_all(one.name)
        for factor in self._factors(one)[: one.factors]:
            await factors_of(self._installation).add(factor, ["a hash"], keep_session="")

    def _factors(self, one: Caller) -> list[Factor]:
        sealed = self._installation.vault.seal(apps.new_secret())
        app = Factor(user=one.name, kind="app", title="phone", sealed=sealed, created_at=0)
        made = passkeys.check_new(PLACE, PASSKEY, CHALLENGE)
        key = Factor(
            user=one.name,
            kind="passkey",
            title="laptop",
            credential_id=made.credential_id,
            public_key=made.public_key,
            created_at=0,
        )
        return [app, key]

    async def tidy(self) -> None:
        """Whoever was added meanwhile is removed."""
        known = {one.name for one in self.all}
        kept = users_of(self._installation)
        for user in await kept.all():
            if user.name not in {*known, SPARE}:
                await kept.remove(user.name)
        for token in await self._installation.store.tokens.all():
            if token.name not in known:
                await self._installation.store.tokens.remove(token.name)
        for one in self.all:
            await self.renew(one)
        live = {one.token.split("_", 2)[-1].encode() for one in self.all} | {
            value.encode() for one in self.all for value in one.cookies.values()
        }
        self.secrets = {secret: name for secret, name in self.secrets.items() if secret in live}
