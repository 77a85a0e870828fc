"""Problem details (RFC 9457): every error of the API, in one shape."""

import math
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Annotated

import msgspec
from makeready_hooks.errors import ConfigError, MakereadyError, RetryLater
from msgspec import Meta, Struct
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Struct, frozen=True, kw_only=True):
    """An error, as RFC 9457 describes it."""

    title: Annotated[str, Meta(description="The name of the status.")]
    status: int
    detail: Annotated[str, Meta(description="What happened, and what to do.")]
    type: str = "about:blank"
    field: Annotated[
        str, Meta(description="The member, parameter or header that is wrong; empty if it is none.")
    ] = ""


class ApiError(Exception):
    """A call that is answered with a problem."""

    def __init__(
        self, status: int, detail: str, *, field: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers or {}


def response(error: ApiError) -> Response:
    problem = Problem(
        title=HTTPStatus(error.status).phrase, status=error.status, detail=error.detail, field=error.field
    )
    return Response(msgspec.json.encode(problem), error.status, error.headers, media_type=MEDIA_TYPE)


def as_api_error(
    error: MakereadyError, *, address: Collection[str], given: Collection[str], names: Mapping[str, str]
) -> ApiError:
    """What an error of a story means for the caller.

    ``address`` names the parts of the call's address, ``given`` what else the caller gave: an error that
    names one of them is about the call. Any other ConfigError is about the installation's settings.
    ``names`` turns the story's names into the caller's.
    """
    field = error.field if isinstance(error, ConfigError) else ""
    field = names.get(field, field)
    if field in address:
        return ApiError(404, str(error), field=field)
    if field.partition(".")[0] in given:
        return ApiError(422, str(error), field=field)
    after_s = error.after_s if isinstance(error, RetryLater) else None
    headers = {} if after_s is None else {"Retry-After": str(math.ceil(after_s))}
    return ApiError(error.status, str(error), field=field, headers=headers)
