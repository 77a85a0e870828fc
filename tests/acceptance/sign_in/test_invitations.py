"""An invitation: a link that makes one user, with the role and the company that the inviter chose."""

import re
from collections.abc import AsyncIterator
from mailbox import Mailbox, mailbox

import pytest
from browser import PASSWORD, Browser
from makeready_admin.invitations.store import invitations_of
from makeready_admin.users.store.users import users_of
from pretend import Bench

PIA = "pia@northfield.example"
DAY_S = 86_400.0


@pytest.fixture
async def olga(new_browser) -> Browser:
    browser: Browser = new_browser()
    await browser.sign_in("olga")
    return browser


@pytest.fixture
async def box(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        for name, value in made.environ.items():
            monkeypatch.setenv(name, value)
        yield made


async def invite(olga: Browser, **fields: object) -> str:
    """The path of the link, as the page shows it."""
    await olga.get("/users")
    given = {"whom": PIA, "role": "manager", "of": "northfield", "days": "7", **fields}
    page = await olga.send("/users/invite", **given)
    [path] = re.findall(r"http://pages\.example(/admin/invitation/\S+)", page.text)
    return str(path)


async def accept(browser: Browser, path: str, status: int = 200, **fields: object) -> str:
    await browser.get(path)
    return (await browser.send("", status, **{"new": PASSWORD, "again": PASSWORD, **fields})).text


async def test_the_invited_person_chooses_name_and_password_and_nothing_else(
    olga: Browser, new_browser, bench: Bench
) -> None:
    path = await invite(olga)
    pia: Browser = new_browser()
    shown = (await pia.get(path)).text
    assert "olga invites you to Northfield Print. As a manager you see and decide" in shown
    assert pia.page.form("")["name"] == [PIA]
    await accept(pia, path, role="operator", of="southgate")
    user = await users_of(bench.installation).get(PIA)
    assert user is not None
    assert (user.role, user.subscriber) == ("manager", "northfield")
    assert "Northfield Print" in (await pia.get("/subscribers/northfield")).text
    await new_browser().sign_in(PIA)
    assert "invitation accept" in (await olga.get("/audit")).text
    assert "manager, invited by olga as pia@northfield.example" in olga.page.text
    assert "Invited, not here yet" not in (await olga.get("/users")).text


async def test_a_link_works_once_and_ends_by_itself_or_by_being_withdrawn(
    olga: Browser, new_browser, bench: Bench
) -> None:
    used, late, withdrawn = [await invite(olga, whom=one) for one in ("one", "two", "three")]
    await accept(new_browser(), used)
    await olga.get("/users")
    [number] = [str(one.id) for one in await invitations_of(bench.installation).all() if one.whom == "three"]
    await olga.get("/users")
    answer = await olga.client.post(
        "/admin/users/withdraw", data={"csrf": olga.page.form("/users/add")["csrf"][0], "id": number}
    )
    assert answer.status_code == 303
    bench.clock.now += 7 * DAY_S
    for path in (used, late, withdrawn, path_of_nobody(late)):
        page = await new_browser().get(path, 404)
        assert "This invitation was used, was withdrawn, or has expired." in page.text


def path_of_nobody(path: str) -> str:
    return path[:-4] + ("aaaa" if not path.endswith("aaaa") else "bbbb")


async def test_what_is_wrong_is_said_and_the_link_goes_on_working(olga: Browser, new_browser) -> None:
    path, pia = await invite(olga), new_browser()
    assert "There is a user olga already." in await accept(pia, path, 422, name="olga")
    assert "The password is too easy to guess" in await accept(pia, path, 422, new="short", again="short")
    assert "The password is too easy to guess" in await accept(pia, path, 422, new="", again="")
    assert "not the same" in await accept(pia, path, 422, again="something else altogether")
    assert "Northfield Print" in await accept(pia, path)


async def test_who_is_signed_in_keeps_the_session(olga: Browser) -> None:
    page = await olga.get(await invite(olga))
    assert "You are signed in as olga. Sign out first" in page.text
    assert "Accept and sign in" not in page.text


async def test_the_link_is_mailed_and_kept_nowhere(
    olga: Browser, new_browser, bench: Bench, box: Mailbox
) -> None:
    await bench.installation.set_public_url("http://pages.example")
    path = await invite(olga, mail="yes")
    assert "The link was mailed." in olga.page.text
    [mail] = box.mails
    assert (mail["To"], mail["Subject"]) == (PIA, "You are invited to Makeready")
    assert f"http://pages.example{path}" in box.text().splitlines()
    assert "olga invites you to Makeready, as manager of Northfield Print." in box.text()
    for file in bench.folder.iterdir():
        assert path.rpartition("/")[2].encode() not in file.read_bytes()
    await accept(new_browser(), path)


async def test_an_invitation_stands_when_its_mail_is_refused(
    olga: Browser, bench: Bench, box: Mailbox
) -> None:
    await bench.installation.set_public_url("http://pages.example")
    box.refusal = "550 no such person"
    await invite(olga, mail="yes")
    assert "It could not be mailed." in olga.page.text
    assert "does not take" in olga.page.text


async def test_managers_invite_nobody(mia: Browser) -> None:
    await mia.get("/users", 403)
    answer = await mia.client.post("/admin/users/invite", data={"whom": "x", "role": "operator"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"whom": ""}, "Say who is invited."),
        ({"days": "400"}, "An invitation is good for 1 to 30 days."),
        ({"role": "viewer", "of": ""}, "A viewer is for one company."),
        ({"role": "king"}, "There is no role 'king'."),
        ({"mail": "yes", "whom": "pia"}, "pia is no e-mail address."),
        ({"mail": "yes"}, "No mail server is set, so the link cannot be mailed."),
    ],
)
async def test_an_invitation_that_cannot_be_made_is_refused_in_words(
    olga: Browser, fields: dict[str, str], said: str
) -> None:
    await olga.get("/users")
    given = {"whom": PIA, "role": "manager", "of": "northfield", "days": "7", **fields}
    assert said in (await olga.send("/users/invite", 422, **given)).text


async def test_a_user_has_a_page_on_which_role_and_company_are_chosen(olga: Browser, bench: Bench) -> None:
    page = await olga.get("/users")
    [link] = [one for one in page.links if one.endswith("name=vera")]
    await olga.get(link)
    assert olga.page.form("/users/role") | {"csrf": []} == {
        "csrf": [],
        "name": ["vera"],
        "role": ["viewer"],
        "of": ["northfield"],
    }
    await olga.send("/users/role", role="manager", of="southgate")
    user = await users_of(bench.installation).get("vera")
    assert user is not None
    assert (user.role, user.subscriber) == ("manager", "southgate")
    await olga.get(link)
    await olga.send("/users/role", role="operator", of="southgate")
    user = await users_of(bench.installation).get("vera")
    assert user is not None
    assert (user.role, user.subscriber) == ("operator", ""), "an operator is for all"
    for name in ("olga", "nobody"):
        await olga.get(f"/users/one?name={name}", 404)
