"""A failure that is about the order must not be taken for an expired token: the order would be sent twice."""

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_hooks.errors import OutcomeUnknown
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.settings import TharsternSettings

LOGIN = {"server_url": "https://mis.example", "login": "l", "password": "p", "api_key": "k"}
TOKEN = b'{"Status":{"Success":true},"Details":{"Token":"7b0e8f52-3c1d-4a6e-9f27-51c0a4d2be90"}}'
FAILED = b'{"Status":{"Success":false},"Details":{"Result":{"Problems":["bad token in Ref1"]}}}'


class Site:
    def __init__(self) -> None:
        self.submissions = 0

    async def send(self, request: HttpRequest) -> HttpAnswer:
        submission = request.url.endswith("orders/submit")
        self.submissions += submission
        return HttpAnswer(status=200, headers={}, body=FAILED if submission else TOKEN)


async def test_an_order_is_not_repeated_because_a_text_speaks_of_a_token() -> None:
    site = Site()
    client = TharsternClient(msgspec.convert(LOGIN, TharsternSettings, dec_hook=decode_secret), site)
    with pytest.raises(OutcomeUnknown):
        await client.submit_order(b"{}")
    assert site.submissions == 1
