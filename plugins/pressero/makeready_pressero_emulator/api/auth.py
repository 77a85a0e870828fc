"""Signing in: both generations of the token route."""

from msgspec import Struct

from makeready_pressero_emulator.assumed import UNAUTHORIZED, WRONG_LOGIN
from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.endpoints import Endpoint, Mark
from makeready_pressero_emulator.wire.answers import Answer, ApiError, json_answer
from makeready_pressero_emulator.wire.members import squashed


class Login(Struct, frozen=True, rename=squashed):
    user_name: str | None = None
    password: str | None = None
    subscriber_id: str | None = None
    consumer_id: str | None = None


async def authentication(call: Call) -> Answer:
    return json_answer({"Token": _token(call)})


async def token_v1(call: Call) -> Answer:
    if not call.world.switches.on("v1-token"):
        raise ApiError(404, "The older token route is switched off.")
    return json_answer({"Code": 200, "Data": _token(call)})


async def validate(call: Call) -> Answer:
    if not call.world.tokens.valid(call.params["token"]):
        raise ApiError(401, UNAUTHORIZED)
    return json_answer(True)


def _token(call: Call) -> str:
    given, who = call.body_as(Login), call.shop.subscriber
    right = (
        (given.user_name or "").lower() == who.user_name.lower()
        and given.password == who.password
        and (given.subscriber_id or "").lower() == who.subscriber_id.lower()
        and (given.consumer_id or "").lower() == who.consumer_id.lower()
    )
    if not right:
        raise ApiError(int(call.world.switches.text("bad-login-status")), WRONG_LOGIN)
    call.effect("token-given")
    return call.world.tokens.give()


ENDPOINTS = (
    Endpoint(
        verb="POST",
        path="/api/V2/Authentication",
        mark=Mark.SEEN,
        does="Give a token.",
        handler=authentication,
        token=False,
        secret=True,
        switch="bad-login-status",
    ),
    Endpoint(
        verb="POST",
        path="/api/token",
        mark=Mark.SEEN,
        does="Give a token, older form.",
        handler=token_v1,
        token=False,
        secret=True,
        switch="v1-token",
    ),
    Endpoint(
        verb="GET",
        path="/api/v2/Authentication/{token}/Validate",
        mark=Mark.SEEN,
        does="Say whether a token is good.",
        handler=validate,
        token=False,
        secret=True,
    ),
)
