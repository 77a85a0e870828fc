"""People read the pages in their language, with its numbers and dates, in their time zone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, Page
from makeready_admin.languages import catalogues
from makeready_hooks.errors import Refused
from msgspec import structs
from pretend import Bench, order
from steps import ask_to_look, settle

HOME = "/subscribers/northfield"
FRENCH = """
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Orders"
msgstr "Commandes"

msgid "%(count)s order"
msgid_plural "%(count)s orders"
msgstr[0] "%(count)s commande"
msgstr[1] "%(count)s commandes"

#, fuzzy
msgid "Products"
msgstr "Marchandises"
"""


@pytest.fixture
def mia(new_browser) -> Browser:
    browser: Browser = new_browser()
    return browser


async def german(browser: Browser) -> Browser:
    browser.client.headers["Accept-Language"] = "de-AT,de;q=0.9,en;q=0.5"
    await browser.sign_in("mia")
    return browser


async def choose(browser: Browser, status: int = 200, **fields: str) -> Page:
    await browser.get("/account")
    return await browser.send("/account/reading", status, **fields)


async def test_the_browser_says_which_language_and_a_user_may_say_another(mia: Browser) -> None:
    mia.client.headers["Accept-Language"] = "xx, de;q=0.8, en;q=0.9, en-GB;q=bad"
    assert '<html lang="en"' in (await mia.get("/sign-in")).html
    await german(mia)
    page = await mia.get(f"{HOME}/orders")
    assert '<html lang="de" data-locale="de-AT"' in page.html
    assert "Aufträge" in page.text
    page = await choose(mia, language="en")
    assert '<html lang="en"' in page.html
    assert "It is saved." in page.text
    page = await choose(mia, language="de", time_zone="Europe/Berlin")
    assert 'data-time-zone="Europe/Berlin"' in page.html
    assert "Gespeichert." in page.text
    page = await choose(mia, 422, language="tlh")
    assert "Es gibt keine Sprache tlh. Wählen Sie aus der Liste." in page.text


async def test_a_reason_is_read_in_german_and_kept_in_english(mia: Browser, bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [Refused("Customer 87cd was not found.")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    await german(mia)
    page = await mia.get(f"{HOME}/orders/6994")
    assert "Customer 87cd was not found." in page.text
    assert "wird erneut gesendet" in (await mia.send("/send-again")).text
    history = await bench.installation.store.ledger.history("northfield", "6994")
    assert [row.cause for row in history if row.actor == "mia"] == ["a person sends it again"]
    assert "jemand sendet ihn erneut, von mia" in (await mia.get(f"{HOME}/orders/6994")).text


async def test_an_error_is_read_in_german_and_kept_in_english(mia: Browser, bench: Bench) -> None:
    await german(mia)
    assert "Dieses Formular gilt nicht mehr." in (await _foreign(mia)).text
    page = await mia.get("/nowhere", 404)
    assert "An dieser Adresse ist nichts" in page.text


async def _foreign(mia: Browser) -> Page:
    await mia.get("/account")
    return await mia.send("/account/reading", 403, csrf="foreign")


async def test_numbers_dates_and_times_are_the_viewers(mia: Browser, bench: Bench) -> None:
    bench.shop.orders["6994"] = structs.replace(order("6994"), currency="EUR")
    await ask_to_look(bench, "6994")
    await settle(bench)
    await german(mia)
    await choose(mia, language="de", time_zone="Pacific/Auckland")
    page = await mia.get(f"{HOME}/orders/6994")
    assert re.search(r"€\s\d+,\d\d", page.text), "as Austrians write it"
    assert "02.03.2026, 22:15" in page.text


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "languages/fr").mkdir(parents=True)
    (tmp_path / "languages/fr/texts.po").write_text(FRENCH)
    (tmp_path / "languages/no-language").mkdir()
    (tmp_path / "languages/no-language/texts.po").write_text(FRENCH)
    monkeypatch.setenv(catalogues.FOLDER, str(tmp_path / "languages"))
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    """As a server that is started anew."""
    for one in (catalogues.folders, catalogues.offered, catalogues.language):
        one.cache_clear()


@pytest.mark.usefixtures("french")
async def test_a_third_language_is_a_folder_of_catalogues(mia: Browser, bench: Bench) -> None:
    await mia.sign_in("mia")
    page = await mia.get("/account")
    assert [one for one in ("English", "Deutsch", "Français") if one in page.text] == [
        "English",
        "Deutsch",
        "Français",
    ]
    await choose(mia, language="fr")
    page = await mia.get(f"{HOME}/orders")
    assert '<html lang="fr"' in page.html
    assert "Commandes" in page.text
    assert "Marchandises" not in page.text, "nobody has looked at it yet"
    assert "Products" in page.text, "what is not translated is English"
