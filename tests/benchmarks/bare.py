"""The yardstick: a Starlette endpoint that returns a constant JSON, served as the product is."""

import asyncio

from makeready.web.server import bind, serve_until_told, url_of
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def constant(request: Request) -> JSONResponse:
    return JSONResponse({"Price": 82.5, "Weight": 4.2, "Error": None})


async def main() -> None:
    bound = bind("127.0.0.1", 0)
    print(f"it listens at {url_of(bound)}", flush=True)  # noqa: T201 - whoever starts it reads this
    await serve_until_told(Starlette(routes=[Route("/", constant, methods=["POST"])]), bound)


if __name__ == "__main__":
    asyncio.run(main())
