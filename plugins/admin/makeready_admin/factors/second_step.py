"""The second step of signing in: the password was right, a code or a passkey is to come."""

import re
import secrets

from makeready.access.audit import Act, audited
from makeready.installation import Installation
from makeready_hooks.errors import CallRejected
from msgspec import Struct

from makeready_admin.factors import apps
from makeready_admin.factors.factors import new_challenge, place_of_passkeys, take_challenge
from makeready_admin.factors.model import BegunSignIn, Factor
from makeready_admin.factors.recovery import as_code, hash_of_code
from makeready_admin.factors.store import begun_of, factors_of
from makeready_admin.users.failed import actor_of, told_before
from makeready_admin.users.model import User
from makeready_admin.users.sign_in import begin_session, hash_of
from makeready_admin.users.store.users import users_of
from makeready_admin.users.tries import Origin, begin_code, went_well

WITHIN_S = 600.0
TRIES = 5
"""Then it begins again with the password."""


class SecondStep(Struct, frozen=True, kw_only=True):
    begun: BegunSignIn
    user: User
    factors: list[Factor]


async def begin_second_step(installation: Installation, user: User, address: str, next_: str) -> str:
    """What the browser holds; "" if the user has no second factor. It opens nothing but the second step."""
    if not await factors_of(installation).of(user.name):
        return ""
    now, token = installation.clock(), secrets.token_urlsafe(32)
    begun = BegunSignIn(id=hash_of(token), user=user.name, address=address, next=next_, begun_at=now)
    await begun_of(installation).begin(begun, forget_before=now - WITHIN_S)
    return token


async def second_step(installation: Installation, token: str) -> SecondStep | None:
    """What has begun in this browser; None if nothing has, or not any more."""
    since = installation.clock() - WITHIN_S
    begun = await begun_of(installation).get(hash_of(token), since=since) if token else None
    user = await users_of(installation).get(begun.user) if begun else None
    if begun is None or user is None or user.disabled:
        return None
    return SecondStep(begun=begun, user=user, factors=await factors_of(installation).of(user.name))


async def ask_for_passkey(installation: Installation, step: SecondStep) -> str:
    """JSON for the browser; "" if the user has none that is valid at this address."""
    from makeready_admin.factors import passkeys  # noqa: PLC0415 - see there

    place = await place_of_passkeys(installation)
    if place is None or not any(one.kind == "passkey" for one in step.factors):
        return ""
    return passkeys.ask_for_known(place, step.factors, await new_challenge(installation, step.begun.id))


async def check_code(installation: Installation, step: SecondStep, typed: str, origin: Origin) -> None:
    """A code of an app, or a recovery code. Each opens once. Raises CallRejected 401 or 429."""
    await _count(installation, step)
    if code := as_code(typed):
        if not await factors_of(installation).use_code(step.user.name, hash_of_code(code)):
            raise _wrong_code()
        return
    counted = await begin_code(installation, step.user.name, origin)
    if not await _is_of_an_app(installation, step, re.sub(r"\s", "", typed)):
        raise _wrong_code()
    await went_well(installation, counted)


async def _is_of_an_app(installation: Installation, step: SecondStep, code: str) -> bool:
    store, now = factors_of(installation), installation.clock()
    for one in step.factors:
        if one.kind == "app":
            secret = installation.vault.open(one.sealed, field="the second factor")
            period = apps.period_of(secret, code, now, after=one.counter)
            if period and await store.use_period(one.id, period, now=now):
                return True
    return False


def _wrong_code() -> CallRejected:
    return CallRejected("The code is wrong, or it was used before.", status=401, fix="Give the next one.")


async def check_passkey(installation: Installation, step: SecondStep, answer: str) -> None:
    """Raises CallRejected 401, ConfigError for an answer that is not right."""
    from makeready_admin.factors import passkeys  # noqa: PLC0415 - see there

    await _count(installation, step)
    challenge = await take_challenge(installation, step.begun.id)
    place = await place_of_passkeys(installation)
    if place is None:
        raise CallRejected("Passkeys are not valid at this address.", status=401)
    factor, count = passkeys.check_known(place, step.factors, answer, challenge)
    await factors_of(installation).use_passkey(factor.id, count, now=installation.clock())


async def _count(installation: Installation, step: SecondStep) -> None:
    if not await begun_of(installation).try_once(step.begun.id, most=TRIES):
        raise CallRejected("There were too many attempts.", status=429, fix="Begin again.")


async def finish(installation: Installation, step: SecondStep, address: str) -> str:
    """A new session; returns what the browser holds. Raises CallRejected if it was finished before."""
    if not await begun_of(installation).end(step.begun.id):
        raise CallRejected("This was done already.", status=401, fix="Begin again.")
    return await sign_in_user(installation, step.user, address)


async def sign_in_user(installation: Installation, user: User, address: str) -> str:
    """For somebody who has proved all that is asked of them. Returns what the browser holds."""
    actor = actor_of(user, address)
    act = Act(action="sign in", detail=await told_before(installation, actor))
    async with audited(installation, actor, act):
        return await begin_session(installation, user, address)
