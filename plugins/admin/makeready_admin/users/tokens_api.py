"""Operations about the tokens of this API."""

from typing import Annotated

from makeready.access.model import Scope
from makeready.access.tokens import make_token, remove_token
from makeready.web.api.answers import answers_from
from makeready.web.api.operation import operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import page_by_key
from msgspec import Meta, Struct, structs

TOKENS = "/tokens"


class TokenAnswer(Struct, frozen=True, kw_only=True):
    name: str
    subscriber: Annotated[str, Meta(description="Empty for all of them.")]
    scopes: tuple[Scope, ...]
    created_at: Moment
    expires_at: Annotated[Moment | None, Meta(description="null for never.")]


class TokensAnswer(Struct, frozen=True, kw_only=True):
    tokens: Annotated[tuple[TokenAnswer, ...], Meta(description="By name.")]
    next_cursor: str | None


class NewTokenBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,39}$", description="Stands in the history.")]
    subscriber: Annotated[str, Meta(description="The only one that it is for; empty for all.")]
    read_only: bool = True
    operator: Annotated[
        bool, Meta(description="It may do what operators do; only one for all subscribers can be.")
    ] = False
    expires_days: Annotated[float, Meta(ge=0, le=36_500, description="0 for never.")] = 90.0


class NewTokenAnswer(Struct, frozen=True, kw_only=True):
    name: str
    token: Annotated[str, Meta(description="Shown only now.")]


class RevokedAnswer(Struct, frozen=True, kw_only=True):
    name: str


@operation(
    "GET",
    TOKENS,
    group="API tokens",
    summary="Tokens by their names; the tokens themselves are not kept",
    operator=True,
)
async def list_tokens(call: Call, query: PageQuery) -> TokensAnswer:
    page, cursor = page_by_key(await call.installation.store.tokens.all(), query, lambda one: one.name)
    return TokensAnswer(tokens=answers_from(TokenAnswer, page), next_cursor=cursor)


@operation(
    "POST",
    TOKENS,
    name="makeToken",
    group="API tokens",
    summary="Make a token; it is shown once",
    action="token add",
    operator=True,
    shows_secret=True,
)
async def make(call: Call, body: NewTokenBody) -> NewTokenAnswer:
    text = await make_token(call.installation, **structs.asdict(body))
    return NewTokenAnswer(name=body.name, token=text)


@operation(
    "POST",
    TOKENS + "/{name}/revoke",
    group="API tokens",
    summary="A token opens nothing from now on",
    action="token remove",
    operator=True,
)
async def revoke_token(call: Call) -> RevokedAnswer:
    await remove_token(call.installation, call.part("name"))
    return RevokedAnswer(name=call.part("name"))
