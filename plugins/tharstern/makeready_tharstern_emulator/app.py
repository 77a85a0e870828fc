"""The ASGI application: the vendor's API on its path, the control API and the pages beside it."""

from makeready_hooks.testing.emulation import AsgiApp, EmulatorSetup
from starlette.applications import Starlette

from makeready_tharstern_emulator.api.gate import Message, Receive, Send, serve
from makeready_tharstern_emulator.control import Control, Unusable, explain
from makeready_tharstern_emulator.pages import Pages
from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.wire.calls import function_of


class Emulator:
    """A Tharstern site behind ASGI."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._office = _office(site)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            function = function_of(scope["path"])
            if function is None:
                await self._office(scope, receive, send)
            else:
                await serve(self.site, function, scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.site.artwork.resume()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def aclose(self) -> None:
        """End what is under way, and close the state file."""
        await self.site.background.stop()
        self.site.world.close()


def _office(site: Site) -> Starlette:
    """What the vendor does not have: the control API and the pages."""
    handlers = {Unusable: explain, ValueError: explain}
    return Starlette(routes=[*Control(site).routes(), *Pages(site).routes()], exception_handlers=handlers)


def build(setup: EmulatorSetup) -> AsgiApp:
    """The application. Raises ValueError for a switch or a scenario that makes no sense."""
    return Emulator(Site(setup))
