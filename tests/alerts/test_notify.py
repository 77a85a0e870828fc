"""Alerts through a real SMTP conversation and a real webhook on loopback."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import pytest
from makeready.engine.model import Work
from makeready.orders import decisions
from makeready.orders.decisions import Decision
from makeready_admin.activity.store import Activity, CallFilter
from makeready_alerts.channels import signature
from makeready_alerts.notify import alert
from makeready_hooks.errors import ConfigError, Refused, RetryLater
from makeready_hooks.model.order import Artwork
from post import Post, listening, tell
from pretend import Bench, line, order
from steps import ask_to_look, settle

WORK = [Work(id=1, subscriber="northfield", kind="alert", key="", generation=1, attempts=0)]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with listening() as made:
        yield made


async def refuse(bench: Bench, *numbers: str) -> None:
    for number in numbers:
        bench.shop.orders[number] = order(number)
        bench.mis.before_effect.append(Refused("Customer NORTH01 is on stop."))
    await ask_to_look(bench, *numbers)
    await settle(bench)


async def test_all_that_needs_a_person_goes_into_one_mail_and_is_told_once(bench: Bench, post: Post) -> None:
    await tell(bench, email_to=("prepress@northfield.example",))
    await refuse(bench, "6994", "6995")
    for _ in range(2):
        await alert(bench.installation, "northfield", WORK, post.environ)
    [mail] = post.mails
    assert "Subject: Northfield Print: 2 order lines need attention" in mail
    assert "6994-1" in mail
    assert "6995-1" in mail
    assert "Customer NORTH01 is on stop." in mail


async def test_a_message_leads_to_the_page_where_it_is_decided(bench: Bench, post: Post) -> None:
    sealed = bench.installation.vault.seal("secret")
    mail_to = ("prepress@northfield.example",)
    await tell(bench, email_to=mail_to, webhook_url=post.hook_url, webhook_secret=sealed)
    await bench.installation.set_public_url("https://bridge.example")
    await refuse(bench, "69/94")
    await alert(bench.installation, "northfield", WORK, post.environ)
    page = "https://bridge.example/admin/subscribers/northfield"
    [mail] = post.mails
    text = mail.replace("=\r\n", "")
    assert f"{page}/orders/69~2f94" in text
    assert f"See: {page}/inbox" in text
    [(_, body)] = post.hooks
    assert json.loads(body)["lines"][0]["url"] == f"{page}/orders/69~2f94"


async def test_a_line_that_needs_a_person_again_is_told_again(bench: Bench, post: Post) -> None:
    await tell(bench, email_to=("prepress@northfield.example",))
    await refuse(bench, "6994")
    await alert(bench.installation, "northfield", WORK, post.environ)
    bench.clock.now += 60
    bench.mis.before_effect = [Refused("Still on stop.")]
    decision = Decision(subscriber="northfield", key="6994-1", actor="ada")
    await decisions.send_again(bench.installation, decision)
    await settle(bench)
    await alert(bench.installation, "northfield", WORK, post.environ)
    assert len(post.mails) == 2


async def test_what_the_shop_changes_after_it_was_sent_is_told_once(bench: Bench, post: Post) -> None:
    await tell(bench, email_to=("prepress@northfield.example",))
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6994"] = order("6994", line(denied=True))
    for _ in range(2):
        await ask_to_look(bench, "6994")
        await settle(bench)
        await alert(bench.installation, "northfield", WORK, post.environ)
    [mail] = post.mails
    assert "In the MIS since" in mail, mail
    assert "after it was sent: denied in the shop" in mail, mail
    assert "change it there by hand" in mail
    assert await bench.installation.store.work.waiting("northfield", "alert") > 0


async def test_a_webhook_is_signed_so_that_its_receiver_can_check_it(bench: Bench, post: Post) -> None:
    key = b"0123456789abcdef01234567"
    secret = "whsec_" + base64.b64encode(key).decode()
    await tell(bench, webhook_url=post.hook_url, webhook_secret=bench.installation.vault.seal(secret))
    await refuse(bench, "6994")
    await alert(bench.installation, "northfield", WORK, {})
    [(headers, body)] = post.hooks
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"].lower() == f"v1,{expected}".lower()
    assert json.loads(body)["lines"][0]["order"] == "6994"


async def test_what_could_not_be_told_is_told_later(bench: Bench, post: Post) -> None:
    sealed = bench.installation.vault.seal("secret")
    await tell(bench, webhook_url=post.hook_url, webhook_secret=sealed)
    await refuse(bench, "6994")
    post.status = b"500 No"
    with pytest.raises(RetryLater, match="500"):
        await alert(bench.installation, "northfield", WORK, {})
    post.status = b"200 OK"
    await alert(bench.installation, "northfield", WORK, {})
    assert len(post.hooks) == 2


async def test_what_one_channel_told_is_not_told_again_because_the_other_failed(
    bench: Bench, post: Post
) -> None:
    sealed = bench.installation.vault.seal("secret")
    people = ("prepress@northfield.example",)
    await tell(bench, email_to=people, webhook_url=post.hook_url, webhook_secret=sealed)
    await refuse(bench, "6994")
    post.status = b"500 No"
    for _ in range(2):
        with pytest.raises(RetryLater, match="500"):
            await alert(bench.installation, "northfield", WORK, post.environ)
    post.status = b"200 OK"
    for _ in range(2):
        await alert(bench.installation, "northfield", WORK, post.environ)
    assert len(post.mails) == 1
    assert len({headers["webhook-id"] for headers, _ in post.hooks}) == 1
    assert len(post.hooks) == 3


async def test_a_mail_that_cannot_leave_does_not_hold_up_the_webhook(bench: Bench, post: Post) -> None:
    sealed = bench.installation.vault.seal("secret")
    people = ("prepress@northfield.example",)
    await tell(bench, email_to=people, webhook_url=post.hook_url, webhook_secret=sealed)
    await refuse(bench, "6994")
    with pytest.raises(ConfigError, match="MAKEREADY_SMTP_URL"):
        await alert(bench.installation, "northfield", WORK, {})
    assert (len(post.mails), len(post.hooks)) == (0, 1)
    await alert(bench.installation, "northfield", WORK, post.environ)
    assert (len(post.mails), len(post.hooks)) == (1, 1)


async def test_a_file_that_needs_a_person_is_told_once(bench: Bench, post: Post) -> None:
    sealed = bench.installation.vault.seal("secret")
    await tell(bench, webhook_url=post.hook_url, webhook_secret=sealed)
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.files = [Artwork(file_name="late.pdf", url="http://127.0.0.1:1/late.pdf")]
    bench.clock.now += 900
    await settle(bench)
    bench.clock.now += 60
    await settle(bench)
    await alert(bench.installation, "northfield", WORK, {})
    [(_, body)] = post.hooks
    told = json.loads(body)
    assert told["lines"] == []
    [file] = told["files"]
    assert (file["submission"], file["name"], file["state"]) == ("6994-1", "late.pdf", "failed")
    assert "private network" in file["error"]


async def test_lines_and_files_share_a_mail(bench: Bench, post: Post) -> None:
    await tell(bench, email_to=("prepress@northfield.example",))
    await refuse(bench, "6995")
    bench.shop.orders["6994"] = order(
        "6994", line(files=(Artwork(file_name="a.pdf", url="http://10.0.0.1/a"),))
    )
    await ask_to_look(bench, "6994")
    await settle(bench)
    await alert(bench.installation, "northfield", WORK, post.environ)
    [mail] = post.mails
    assert "1 order line and 1 file need attention" in mail
    assert "a.pdf" in mail


async def test_mail_without_a_mail_server_is_a_setting_to_make(bench: Bench) -> None:
    await tell(bench, email_to=("prepress@northfield.example",))
    await refuse(bench, "6994")
    with pytest.raises(ConfigError, match="MAKEREADY_SMTP_URL"):
        await alert(bench.installation, "northfield", WORK, {})


async def test_an_alert_is_due_after_the_time_that_gathers(bench: Bench, post: Post) -> None:
    sealed = bench.installation.vault.seal("secret")
    await tell(bench, webhook_url=post.hook_url, webhook_secret=sealed, gather_s=60)
    await refuse(bench, "6994")
    assert post.hooks == []
    bench.clock.now += 60
    await settle(bench)
    assert len(post.hooks) == 1


def test_a_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks specification's reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    given = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_messages_stand_among_the_calls_without_the_webhook_s_secret_path(
    bench: Bench, post: Post
) -> None:
    secret = bench.installation.vault.seal("s3cret")
    await tell(
        bench, email_to=("prepress@northfield.example",), webhook_url=post.hook_url, webhook_secret=secret
    )
    post.status = b"500 Internal Server Error"
    await refuse(bench, "6994")
    with pytest.raises(RetryLater):
        await alert(bench.installation, "northfield", WORK, post.environ)
    assert await bench.installation.call_log.flush()
    calls = await Activity(bench.installation.store.database).calls(
        "northfield", CallFilter(connector="alerts"), limit=10
    )
    found = {one.method: (one.status, one.failed, one.path) for one in calls}
    assert found == {"MAIL": (250, False, ""), "POST": (500, True, "")}
