"""*Test connection*, products, import and orders from the command line, against running emulators."""

import json

import httpx
from cryptography.fernet import Fernet
from makeready.stores import Store
from makeready_admin.activity.store import Activity, CallFilter
from processes import run


def switch(url: str, **switches: str) -> None:
    answer = httpx.put(f"{url}/_emulator/switches", json=switches, trust_env=False)
    answer.raise_for_status()


def check(site) -> tuple[int, str]:
    done = run("subscriber", "check", "northfield", db=site.db)
    assert done.stderr == ""
    return done.returncode, done.stdout


def changed(site, name: str, value: str) -> None:
    """Change one setting through export and apply, as an operator does; with another server the passwords too."""
    exported = run("subscriber", "export", "northfield", db=site.db).stdout
    given = {name: value} | ({"password": "another", "api_key": "another"} if name == "server_url" else {})
    lines = [
        next((f'{one} = "{new}"' for one, new in given.items() if line.startswith(f"{one} =")), line)
        for line in exported.splitlines()
    ]
    file = site.db.with_name("changed.toml")
    file.write_text("\n".join(lines))
    applied = run("subscriber", "apply", str(file), "--yes", db=site.db)
    assert applied.returncode == 0, applied.stderr


def test_connections_that_work_are_told(site) -> None:
    code, shown = check(site)
    assert code == 0
    assert "ok    pressero login" in shown
    assert "Customer ALEY001 exists" in shown


def test_a_login_that_gives_a_zero_token_is_told_with_what_to_check(site) -> None:
    changed(site, "api_key", "unknown")
    code, shown = check(site)
    assert code == 1
    assert "WRONG tharstern login: Tharstern refuses the login. Check login, password and api_key" in shown


def test_servers_in_a_private_network_that_nobody_allowed_are_told_and_not_called(site) -> None:
    nothing = {"MAKEREADY_PRIVATE_NETWORKS": ""}
    done = run("subscriber", "check", "northfield", db=site.db, env=nothing)
    told = [line for line in done.stdout.splitlines() if line.startswith("WRONG") and "network" in line]
    assert [line.split()[1] for line in told] == ["pressero", "tharstern"]
    words = "127.0.0.1 lies in a private network. Ask the operator of Makeready to allow it"
    assert all(words in line for line in told)
    listed = run("products", "northfield", db=site.db, env=nothing)
    assert (listed.returncode, words in listed.stderr) == (3, True)


def test_a_customer_code_that_does_not_exist_is_told(site) -> None:
    changed(site, "customer_code", "NOBODY")
    assert "Tharstern has no customer NOBODY. Correct customer_code" in check(site)[1]


def test_a_server_that_cannot_be_reached_is_told(site) -> None:
    changed(site, "server_url", "http://127.0.0.1:9")
    code, shown = check(site)
    assert code == 1
    assert "127.0.0.1:9 cannot be reached" in shown
    listed = run("products", "northfield", db=site.db)
    assert listed.returncode == 5
    assert "cannot be reached" in listed.stderr


def test_what_was_made_in_the_account_is_looked_for(site) -> None:
    assert "Nothing was made in the account yet." in check(site)[1]
    for url in ("http://127.0.0.1:1", "http://127.0.0.1:2"):
        installed = run("subscriber", "install", "northfield", "--public-url", url, db=site.db)
        assert installed.returncode == 0, installed.stderr
        code, shown = check(site)
        assert code == 0
        assert "ok    pressero webhook: The webhook is in the account." in shown
    httpx.post(f"{site.shop_url}/_emulator/reset", json={}, trust_env=False).raise_for_status()
    code, shown = check(site)
    assert code == 1
    assert "WRONG pressero webhook: The webhook is not in the account any more" in shown
    assert "WRONG pressero pricing engine: The pricing engine is not in the account any more" in shown
    assert "makeready subscriber install northfield" in shown


def test_products_are_searched_by_page_and_text(site) -> None:
    found = json.loads(run("products", "northfield", "tote", "--page-size", "1", "--json", db=site.db).stdout)
    assert len(found["products"]) == 1
    assert found["total"] > 1
    assert "tote" in found["products"][0]["product"]["name"].lower()
    assert "No product matches" in run("products", "northfield", "zeppelin", db=site.db).stdout


def test_an_import_is_done_once_and_a_second_changes_nothing(site) -> None:
    installed = run("subscriber", "install", "northfield", "--public-url", "http://127.0.0.1:1", db=site.db)
    assert installed.returncode == 0, installed.stderr
    again = run("subscriber", "install", "northfield", db=site.db)
    assert again.stdout.count("existing") == 2
    command = (
        "import",
        "run",
        "northfield",
        "2284",
        "4107",
        "--site",
        "shop.northfield.example",
        "--markup",
        "15",
        "--json",
    )
    for state in ("created", "skipped"):
        done = run(*command, db=site.db)
        assert done.returncode == 0, done.stdout + done.stderr
        assert [item["state"] for item in json.loads(done.stdout)["items"]] == [state, state]
    products = httpx.get(f"{site.shop_url}/_emulator/products", trust_env=False).json()
    assert sum(str(one["PrintersPartNum"]).startswith("117-") for one in products) == 2


def test_an_import_into_a_site_that_does_not_exist_is_refused(site) -> None:
    run("subscriber", "install", "northfield", "--public-url", "http://127.0.0.1:1", db=site.db)
    done = run("import", "run", "northfield", "2284", "--site", "nowhere.example", db=site.db)
    assert done.returncode == 3
    assert "There is no site nowhere.example. There are: shop.northfield.example" in done.stderr


def test_what_the_account_does_not_allow_is_left_to_a_person_with_the_exact_values(site) -> None:
    switch(site.shop_url, **{"fault-path": "/api/webhooks", "error-before": "1", "error-status": "403"})
    try:
        done = run("subscriber", "install", "northfield", "--public-url", "http://127.0.0.1:1", db=site.db)
    finally:
        switch(site.shop_url, **{"fault-path": "/api/", "error-before": "0", "error-status": "500"})
    assert done.returncode == 0, done.stderr
    assert "by-hand" in done.stdout
    assert "Admin > Preferences > Webhooks" in done.stdout
    assert "http://127.0.0.1:1/hooks/" in done.stdout


async def test_the_calls_that_it_made_are_kept_without_anything_secret(site) -> None:
    check(site)
    store = Store.open(site.db)
    calls = await Activity(store.database).calls("northfield", CallFilter(), limit=100)
    store.close()
    assert {one.connector for one in calls} == {"pressero", "tharstern"}
    assert all(one.status == 200 and one.ms > 0 and one.path.startswith("/") for one in calls)
    assert not [one for one in calls if "?" in one.path or "token" in one.error]


def test_the_key_of_the_secrets_is_renewed_and_the_old_one_opens_nothing(site) -> None:
    key_file = site.db.with_name(f"{site.db.name}.key")
    before = key_file.read_bytes()
    renewed = run("key", "renew", db=site.db)
    assert renewed.returncode == 0, renewed.stderr
    assert "5 secrets are sealed with a new key" in renewed.stdout
    assert check(site)[0] == 0
    assert run("key", "delete-old", db=site.db).returncode == 0
    assert before.strip() not in key_file.read_bytes()
    assert check(site)[0] == 0
    key_file.write_bytes(before)
    done = run("subscriber", "check", "northfield", db=site.db)
    assert done.returncode == 3
    assert "sealed with another key" in done.stderr


def test_a_key_that_does_not_fit_renews_nothing(site) -> None:
    key_file = site.db.with_name(f"{site.db.name}.key")
    before = key_file.read_bytes()
    key_file.write_bytes(Fernet.generate_key())
    refused = run("key", "renew", db=site.db)
    assert refused.returncode == 3
    assert "A secret cannot be read: it was sealed with another key." in refused.stderr
    key_file.write_bytes(before)
    assert check(site)[0] == 0
