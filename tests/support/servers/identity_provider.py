# ruff: noqa: PLC0415 - Django is imported once it is set up, and by this process alone
"""An identity provider that others wrote: django-oauth-toolkit, on loopback, in a process of its own.

``python identity_provider.py FOLDER`` prints its address and serves. It insists on PKCE. Its people are in `PEOPLE`: each
signs in at its own page, with `PASSWORD`. It knows one client, `CLIENT`.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

CLIENT, SECRET, PASSWORD = "makeready-tests", "the client's secret", "a sentence for the provider"
PEOPLE: dict[str, dict[str, Any]] = {
    "pia": {"email": "pia@northfield.example", "email_verified": True, "groups": []},
    "olga": {"email": "olga@bridge.example", "email_verified": True, "groups": ["bridge-operators"]},
    "mo": {
        "email": "mo@northfield.example",
        "email_verified": True,
        "groups": ["staff", "northfield-office"],
    },
    "eve": {"email": "mia@northfield.example", "email_verified": False, "groups": ["others"]},
}


def serve(folder: Path, back: str) -> None:
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name there
            pass

    server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    _configure(folder, url)
    _fill(back)
    from django.core.wsgi import get_wsgi_application

    server.set_app(get_wsgi_application())
    sys.stdout.write(json.dumps({"issuer": f"{url}/o"}) + "\n")
    sys.stdout.flush()
    server.serve_forever()


def _configure(folder: Path, url: str) -> None:
    import django
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from django.conf import settings

    key = generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    settings.configure(
        SECRET_KEY="of the tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite")}
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.admin",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF=__name__,
        LOGIN_URL="/admin/login/",
        STATIC_URL="/static/",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key.decode(),
            "OIDC_ISS_ENDPOINT": f"{url}/o",
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "who you are", "email": "your address", "profile": "your name"},
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.validator",
            "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"],
        },
    )
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _fill(back: str) -> None:
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    for name, claims in PEOPLE.items():
        User.objects.create_superuser(name, claims["email"], PASSWORD)
    Application.objects.create(
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=back,
        algorithm="RS256",
        skip_authorization=True,
    )


def validator() -> Any:
    """An instance, made when the provider's own classes can be imported."""
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class WithClaims(OAuth2Validator):  # type: ignore[misc]
        oidc_claim_scope = None

        def get_additional_claims(self, request: Any) -> dict[str, Any]:
            name = request.user.username
            return {**PEOPLE[name], "preferred_username": name}

    return WithClaims()


def __getattr__(name: str) -> Any:
    """Its addresses, which Django reads when it is set up."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.contrib import admin
    from django.urls import include, path

    return [
        path("admin/", admin.site.urls),
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]


if __name__ == "__main__":
    sys.modules["identity_provider"] = sys.modules["__main__"]
    __name__ = "identity_provider"
    serve(Path(sys.argv[1]), sys.argv[2])
