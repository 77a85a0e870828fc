"""The page of alerts and of the mail server: a test says at once whether it arrived, and the history shows it."""

from collections.abc import AsyncIterator
from mailbox import Mailbox, mailbox

import pytest
from api import Api
from browser import Browser
from post import tell
from pretend import Bench

ALERTS = "/subscribers/northfield/alerts"
WHOM = ("prepress@northfield.example", "ada@northfield.example")


@pytest.fixture
async def box(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        for name, value in made.environ.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
async def olga(new_browser) -> Browser:
    browser: Browser = new_browser()
    await browser.sign_in("olga")
    return browser


async def test_a_test_tells_at_once_whether_it_arrived(mia: Browser, bench: Bench, box: Mailbox) -> None:
    await tell(bench, email_to=WHOM, quiet_hours="00:00-23:59", time_zone="Europe/London")
    page = await mia.get(ALERTS)
    assert "none yet" in page.text
    page = await mia.send("/alerts/test")
    assert "E-mail prepress@northfield.example, ada@northfield.example everything delivered" in page.text
    [mail] = box.mails
    assert mail["Subject"] == "Northfield Print: a test of the alerts"
    assert "1970-01-12 14:46" in box.text()
    assert "Times are in Europe/London." in box.text()
    box.refusal = "451 busy"
    page = await mia.send("/alerts/test")
    assert "not delivered The mail server 127.0.0.1 does not take the message (451 busy)." in page.text
    assert "a test of the alerts" in (await mia.get(ALERTS)).text
    assert "alerts test" in (await mia.get("/subscribers/northfield/activity")).text


async def test_the_page_says_what_is_missing(new_browser, bench: Bench) -> None:
    vera: Browser = new_browser()
    await vera.sign_in("vera")
    assert "Nobody is told when an order needs attention" in (await vera.get(ALERTS)).text
    await tell(bench, email_to=WHOM)
    page = await vera.get(ALERTS)
    assert "E-mail is wanted, but no mail server is set, so none is sent." in page.text
    assert "Send a test" not in page.text
    await vera.get("/subscribers/southgate/alerts", 404)


async def test_operators_see_and_try_the_mail_server(olga: Browser, box: Mailbox) -> None:
    page = await olga.get("/server")
    assert "Server 127.0.0.1, port" in page.text
    assert "Encryption not encrypted" in page.text
    assert "Sender makeready@bridge.example" in page.text
    page = await olga.send("/server/mail#mail", to=WHOM[0])
    assert "127.0.0.1 took the mail to prepress@northfield.example." in page.text
    assert box.mails[0]["To"] == WHOM[0]
    page = await olga.send("/server/mail#mail", to="not an address")
    assert "Write an e-mail address" in page.text
    box.refusal = "550 who is that"
    page = await olga.send("/server/mail#mail", to=WHOM[0])
    assert "The test was not delivered. The mail server 127.0.0.1 does not take" in page.text
    assert "(550 who is that)" in page.text
    assert len(box.mails) == 1


async def test_without_a_mail_server_the_page_says_how_one_is_set(olga: Browser) -> None:
    page = await olga.get("/server")
    assert "None is set, so no alert and no invitation goes by e-mail." in page.text
    assert "MAKEREADY_SMTP_URL" in page.text


async def test_the_api_has_the_same(api: Api, bench: Bench, box: Mailbox) -> None:
    await tell(bench, email_to=WHOM)
    answer = await api.post("/subscribers/northfield/alerts/test")
    assert answer["channels"] == [{"channel": "mail", "whom": ", ".join(WHOM), "error": ""}]
    box.refusal = "451 busy"
    bench.clock.now += 1
    await api.post("/subscribers/northfield/alerts/test")
    page = await api.get("/subscribers/northfield/alerts/history", limit=1)
    [newest] = page["alerts"]
    assert newest["kind"] == "test"
    assert newest["tellings"][0]["error"].startswith("The mail server 127.0.0.1 does not take")
    rest = await api.get("/subscribers/northfield/alerts/history", limit=1, cursor=page["next_cursor"])
    assert [one["tellings"][0]["error"] for one in rest["alerts"]] == [""]
    assert rest["next_cursor"] is None
