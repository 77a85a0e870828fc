"""What our server is measured against: a Starlette endpoint on uvicorn with uvloop and httptools, and nothing else.

``python -m benchmarks.yardstick``. It reads what it is sent, and answers a constant.
"""

import uvicorn
from makeready.web.server import bind, url_of
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def constant(request: Request) -> JSONResponse:
    await request.body()
    return JSONResponse({"Price": 82.5, "Weight": 4.2, "Error": None})


def main() -> None:
    bound = bind("127.0.0.1", 0)
    print(f"it listens at {url_of(bound)}", flush=True)  # noqa: T201 - whoever starts it reads this
    app = Starlette(routes=[Route("/", constant, methods=["GET", "POST"])])
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", log_config=None, access_log=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[bound])


if __name__ == "__main__":
    main()
