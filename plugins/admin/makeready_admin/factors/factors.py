"""Second factors of a user: set up, listed, removed; and whether operators need one."""

import secrets

import msgspec
from makeready.installation import Installation
from makeready.subscribers.secrets import is_sealed
from makeready_hooks.errors import ConfigError, Refused
from msgspec import Struct

from makeready_admin.factors import apps
from makeready_admin.factors.model import Factor
from makeready_admin.factors.places import Place, place_of
from makeready_admin.factors.recovery import hash_of_code, new_codes
from makeready_admin.factors.store import challenges_of, factors_of
from makeready_admin.users.marks import mark_of
from makeready_admin.users.model import User
from makeready_admin.users.sign_in import SignedIn
from makeready_admin.users.store.users import users_of

REQUIRED = "second_factor"
"""Name of the value that says who needs one: `OPERATORS`, or nobody."""
OPERATORS = "operators"
DRAFT_S = 900.0
"""An app is to be set up, and a passkey to answer, within this."""
PURPOSE = "draft of a second factor: "
"""Begins what is sealed: another thing that was sealed here is no draft."""
MOST, MAX_TITLE = 20, 60


class AppDraft(Struct, frozen=True, kw_only=True):
    """An app that somebody is about to set up."""

    session: str
    secret: str
    at: float


async def place_of_passkeys(installation: Installation) -> Place | None:
    return place_of(await installation.store.subscribers.public_url())


def seal_app(installation: Installation, who: SignedIn, secret: str) -> str:
    """As a text that may go out and come back: nobody can change it, or use it in another session."""
    draft = AppDraft(session=who.session.id, secret=secret, at=installation.clock())
    return installation.vault.seal(PURPOSE + msgspec.json.encode(draft).decode())


def open_app(installation: Installation, who: SignedIn, sealed: str) -> str:
    """The secret. Raises ConfigError for a text that is not ours, of another session, or too old."""
    opened = installation.vault.open(sealed, field="draft") if is_sealed(sealed) else ""
    if opened.startswith(PURPOSE):
        draft = msgspec.json.decode(opened.removeprefix(PURPOSE), type=AppDraft)
        if draft.session == who.session.id and installation.clock() - draft.at < DRAFT_S:
            return draft.secret
    raise ConfigError("This took too long, or was begun elsewhere.", field="draft", fix="Begin again.")


async def add_app(installation: Installation, who: SignedIn, secret: str, code: str, title: str) -> list[str]:
    """New recovery codes, if these are the first. Raises ConfigError unless the app shows this code."""
    now = installation.clock()
    period = apps.period_of(secret, code, now, after=0)
    if not period:
        raise ConfigError(
            "This is not the code that the app shows now.",
            field="code",
            fix="Wait for the next one. If it stays so, the clock of the phone is wrong.",
        )
    factor = Factor(
        user=who.user.name,
        kind="app",
        title=_title(title, "App"),
        sealed=installation.vault.seal(secret),
        counter=period,  # the code has been used by this
        created_at=now,
    )
    return await _add(installation, who, factor)


async def ask_for_passkey(installation: Installation, who: SignedIn, place: Place) -> str:
    """JSON for the browser, with a challenge for this session."""
    from makeready_admin.factors import passkeys  # noqa: PLC0415 - see there

    challenge = await new_challenge(installation, who.session.id)
    handle = bytes.fromhex(await mark_of(installation, "passkey", who.user.name, who.user.created_at))
    known = await factors_of(installation).of(who.user.name)
    return passkeys.ask_for_new(place, who.user.name, handle, known, challenge)


async def add_passkey(
    installation: Installation, who: SignedIn, place: Place, answer: str, title: str
) -> list[str]:
    """New recovery codes, if these are the first. Raises ConfigError for an answer that is not right."""
    from makeready_admin.factors import passkeys  # noqa: PLC0415 - see there

    made = passkeys.check_new(place, answer, await take_challenge(installation, who.session.id))
    factor = Factor(
        user=who.user.name,
        kind="passkey",
        title=_title(title, "Passkey"),
        credential_id=made.credential_id,
        public_key=made.public_key,
        counter=made.counter,
        created_at=installation.clock(),
    )
    return await _add(installation, who, factor)


def _title(given: str, usual: str) -> str:
    return given[:MAX_TITLE] or usual


async def _add(installation: Installation, who: SignedIn, factor: Factor) -> list[str]:
    """It ends the user's other sessions."""
    store, codes = factors_of(installation), new_codes()
    if len(await store.of(factor.user)) >= MOST:
        raise Refused(f"There are {MOST} already.", fix="Remove one that is not used any more.")
    kept = await store.add(factor, [hash_of_code(one) for one in codes], keep_session=who.session.id)
    if kept is None:
        raise ConfigError("This passkey is set up already.", field="answer")
    return codes if kept else []


async def renew_codes(installation: Installation, user: User) -> list[str]:
    """Instead of those before. Raises Refused for somebody who has no second factor."""
    store, codes = factors_of(installation), new_codes()
    if not await store.of(user.name):
        raise Refused("Recovery codes stand in for a second factor.", fix="Set one up first.")
    await store.replace_codes(user.name, [hash_of_code(one) for one in codes])
    return codes


async def remove_factor(installation: Installation, who: SignedIn, number: int) -> None:
    """It ends the user's other sessions. Raises Refused if it is the last, and operators need one."""
    needed = await needs_factor(installation, who.user)
    if not await factors_of(installation).remove(
        who.user.name, number, keep_session=who.session.id, keep_last=needed
    ):
        raise Refused(
            "It is not there any more, or it is the last that you have and operators need one.",
            fix="Load the page again. To replace the last one, set up another first.",
        )


async def remove_factors(installation: Installation, name: str) -> int:
    """All of a user, who has lost them, with the recovery codes; it ends the sessions. Raises ConfigError."""
    if await users_of(installation).get(name) is None:
        raise ConfigError(f"There is no user {name}.", field="name", fix="See: makeready user list.")
    return await factors_of(installation).remove_all(name)


# Who needs one


async def is_required(installation: Installation) -> bool:
    """Of operators."""
    return await installation.store.values.get(REQUIRED) == OPERATORS


async def require(installation: Installation, required: bool) -> None:
    await installation.store.values.keep(REQUIRED, OPERATORS if required else "")


async def needs_factor(installation: Installation, user: User) -> bool:
    return user.role == "operator" and await is_required(installation)


async def lacks_factor(installation: Installation, user: User) -> bool:
    """They can do nothing but set one up."""
    return await needs_factor(installation, user) and not await factors_of(installation).of(user.name)


# Challenges


async def new_challenge(installation: Installation, holder: str) -> str:
    now, made = installation.clock(), secrets.token_urlsafe(32)
    await challenges_of(installation).put(holder, made, now=now, forget_before=now - DRAFT_S)
    return made


async def take_challenge(installation: Installation, holder: str) -> str:
    """It is used up by this. "" if there is none."""
    return await challenges_of(installation).take(holder, since=installation.clock() - DRAFT_S)
