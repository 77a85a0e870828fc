"""API tokens: GUIDs tied to a user and an application id (S5i), with a lifetime that is a switch."""

from uuid import UUID

from msgspec import Struct

from makeready_tharstern_emulator.faults.rates import Chance
from makeready_tharstern_emulator.state.records import Login
from makeready_tharstern_emulator.state.world import World
from makeready_tharstern_emulator.switches import Switches

NO_TOKEN = str(UUID(int=0))
"""What a wrong login gets, with Success true (seen S2)."""


class _Token(Struct):
    owner: tuple[str, str]
    calls: int = 0


class Tokens:
    def __init__(self, world: World, switches: Switches, chance: Chance) -> None:
        self._world = world
        self._switches = switches
        self._chance = chance
        self._tokens: dict[str, _Token] = {}

    def mint(self, email: str, password: str, application_id: str) -> str:
        """A new token, or the all-zero GUID if one of the three is wrong."""
        login = self._world.logins.first(email.lower())
        if not login or login.password != password or not _fits(login, application_id):
            return NO_TOKEN
        owner = (login.email, application_id)
        if self._switches.on("token-rotate"):
            self._tokens = {text: token for text, token in self._tokens.items() if token.owner != owner}
        text = str(UUID(int=self._chance.stream("token").getrandbits(128), version=4))
        self._tokens[text] = _Token(owner=owner)
        return text

    def use(self, text: str | None) -> bool:
        """Count one call with a token; False if it is unknown or has expired."""
        token = self._tokens.get(text or "")
        if token is None:
            return False
        token.calls += 1
        lifetime = self._switches.whole("token-calls")
        return not lifetime or token.calls <= lifetime

    def expire(self, text: str | None) -> None:
        self._tokens.pop(text or "", None)

    def expire_all(self) -> None:
        self._tokens.clear()


def _fits(login: Login, application_id: str) -> bool:
    """Any label that is not blank, unless the login has a list of them."""
    labels = login.application_ids
    return application_id in labels if labels else bool(application_id.strip())
