"""The identity provider as an operator sets it, and who may sign in through it."""

import secrets
from typing import Any
from urllib.parse import urlsplit

import msgspec
from makeready.access.audit import Act, Actor, audited
from makeready.installation import Installation
from makeready_hooks import same_secret
from makeready_hooks.errors import CallRejected, ConfigError, Refused
from msgspec import json

from makeready_admin.invitations.invite import accept, act_of, invitation_of
from makeready_admin.invitations.store import invitations_of
from makeready_admin.provider import talk
from makeready_admin.provider.model import BegunRound, GroupRule, Identity, KnownIdentity, Provider
from makeready_admin.provider.store import identities_of
from makeready_admin.provider.title import PROVIDER, provider_of
from makeready_admin.users.model import User
from makeready_admin.users.store.users import users_of
from makeready_admin.users.users import NAME, change_role, check_role, made_user

BACK = "/admin/sign-in/provider/back"
ROUND_S = 900.0
"""That somebody may take at the provider."""
OWN = ("localhost", "127.0.0.1", "::1")


async def set_provider(
    installation: Installation, given: Provider, *, secret: str, keep_secret: bool
) -> None:
    """Ask it first whether it is there. ``keep_secret``: that which is stored; it belongs to its issuer and client.

    Raises ConfigError that names the field, RetryLater if it is away.
    """
    parts = urlsplit(given.issuer)
    if parts.scheme != "https" and parts.hostname not in OWN:
        raise ConfigError(
            "The provider's address must begin with https://.",
            field="issuer",
            fix="Passwords are typed there.",
        )
    if not given.client_id or not given.title:
        raise ConfigError("Say what it is called, and the client ID that it gave you.", field="client_id")
    if not await installation.store.subscribers.public_url():
        raise ConfigError(
            "People come back from the provider to the public address of this server, which is not set.",
            field="issuer",
            fix="Set the public address first.",
        )
    for rule in given.rules:
        await check_role(installation, rule.role, rule.subscriber)
    await talk.discover(given.issuer, installation.reach)
    before = await provider_of(installation)
    sealed = installation.vault.seal(secret) if secret else ""
    if keep_secret and before:
        if (before.issuer, before.client_id) != (given.issuer, given.client_id) and before.secret:
            raise ConfigError(
                "The client secret was given for another provider or client ID.",
                field="secret",
                fix="Enter the new one.",
            )
        sealed = before.secret
    kept = msgspec.structs.replace(given, secret=sealed)
    await installation.store.values.keep(PROVIDER, json.encode(kept).decode())


async def remove_provider(installation: Installation) -> None:
    """Who has no password signs in again when one is given to them."""
    await installation.store.values.keep(PROVIDER, "")


async def begin_round(
    installation: Installation, provider: Provider, *, next_: str, invitation: str = ""
) -> tuple[str, str]:
    """Where the browser goes, and what it keeps meanwhile. Raises RetryLater, ConfigError."""
    found = await talk.discover(provider.issuer, installation.reach)
    begun = BegunRound(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        next=next_,
        invitation=invitation,
        begun_at=installation.clock(),
    )
    url = talk.address_of_sign_in(provider, found, begun, await _back(installation))
    return url, installation.vault.seal(json.encode(begun).decode())


def begun_round(installation: Installation, kept: str, state: str) -> BegunRound:
    """What this browser has begun. Raises CallRejected if it has not, or too long ago."""
    begun: BegunRound | None = None
    if kept:
        begun = json.decode(installation.vault.open(kept, field="the sign-in"), type=BegunRound)
    late = begun is None or installation.clock() - begun.begun_at > ROUND_S
    if begun is None or late or not same_secret(state, begun.state):
        raise CallRejected(
            "This sign-in was not begun in this browser, or too long ago.",
            status=401,
            fix="Begin again.",
        )
    return begun


async def finish_round(
    installation: Installation, provider: Provider, begun: BegunRound, code: str
) -> Identity:
    """Raises as `talk.identity`."""
    secret = installation.vault.open(provider.secret, field="the client secret") if provider.secret else ""
    now, back = installation.clock(), await _back(installation)
    return await talk.identity(provider, secret, begun, code, back, installation.reach, now)


async def _back(installation: Installation) -> str:
    return await installation.store.subscribers.public_url() + BACK


# Which user that is


async def user_of(
    installation: Installation, provider: Provider, who: Identity, invitation: str, address: str
) -> User:
    """Known, invited, of the same verified e-mail address, or by a rule; in this order. Raises CallRejected for others.

    What makes or changes a user on the way is in the audit log. ``address``: where they come from.
    """
    actor = Actor(name=_name(who), via="page", address=address)
    known = await identities_of(installation).get(who.issuer, who.subject)
    user = await users_of(installation).get(known.user) if known else None
    if known and user:
        return await _by_rules_again(installation, provider, who, user, actor) if known.by_rules else user
    if user := await _invited(installation, who, invitation, actor):
        return await _known_from_now_on(installation, who, user)
    if who.email and (user := await users_of(installation).get(who.email)):
        return await _known_from_now_on(installation, who, user)
    if rule := _rule(provider, who):
        return await _new_by_rule(installation, who, rule, actor)
    raise CallRejected(
        f"{provider.title} knows you as {who.email or who.name}, but nobody has invited you here.",
        status=403,
        fix="Ask the operator for an invitation.",
    )


async def _invited(installation: Installation, who: Identity, secret: str, actor: Actor) -> User | None:
    """By the link that they came from, or by their verified address."""
    if secret:
        invitation = await invitation_of(installation, secret)
    elif who.email:
        found = await invitations_of(installation).newest_for(who.email, now=installation.clock())
        if found is None:
            return None
        invitation = found
    else:
        return None
    async with audited(installation, actor, act_of(invitation, actor.name)):
        return await accept(installation, invitation, actor.name, None)


def _name(who: Identity) -> str:
    """What they sign in as here. The provider's own number, if nothing it says can be a name."""
    offered = (who.email, who.name, who.subject)
    return next((one for one in offered if NAME.fullmatch(one)), who.subject)


def _rule(provider: Provider, who: Identity) -> GroupRule | None:
    values = who.values(provider.claim)
    return next((one for one in provider.rules if one.value in values), None)


async def _new_by_rule(installation: Installation, who: Identity, rule: GroupRule, actor: Actor) -> User:
    user = await made_user(installation, actor.name, None, rule.role, rule.subscriber)
    known = _known(installation, who, user, by_rules=True)
    async with audited(installation, actor, _act("user add", user.name, rule)):
        if not await identities_of(installation).add(known, user):
            raise CallRejected(
                f"There is a user {user.name} already who does not sign in so.",
                status=403,
                fix="Sign in with your password, or ask the operator.",
            )
    return user


def _act(action: str, name: str, rule: GroupRule) -> Act:
    return Act(
        action=action, subscriber=rule.subscriber, target=name, detail=f"{rule.role}, by group {rule.value}"
    )


async def _by_rules_again(
    installation: Installation, provider: Provider, who: Identity, user: User, actor: Actor
) -> User:
    """What the rules say today. Raises CallRejected if none fits any more."""
    rule = _rule(provider, who)
    if rule is None:
        raise CallRejected(
            f"{provider.title} does not name you in a group that may sign in here any more.",
            status=403,
            fix="Ask whoever looks after its groups, or the operator.",
        )
    if (user.role, user.subscriber) != (rule.role, rule.subscriber):
        changed: dict[str, Any] = {"role": rule.role, "subscriber": rule.subscriber}
        try:
            async with audited(installation, actor, _act("user role", user.name, rule)):
                await change_role(installation, user.name, role=rule.role, subscriber=rule.subscriber)
        except Refused:  # the only operator stays one
            return user
        return msgspec.structs.replace(user, **changed)
    return user


async def _known_from_now_on(installation: Installation, who: Identity, user: User) -> User:
    await identities_of(installation).keep(_known(installation, who, user, by_rules=False))
    return user


def _known(installation: Installation, who: Identity, user: User, *, by_rules: bool) -> KnownIdentity:
    return KnownIdentity(
        issuer=who.issuer,
        subject=who.subject,
        user=user.name,
        by_rules=by_rules,
        known_at=installation.clock(),
    )
