"""What went wrong, named after what the caller should do.

    MakereadyError
    ├── RetryLater       nothing happened over there; the same call may work later
    ├── Refused          the other side understood and said no; a person has to change something
    │   └── NotPriced    it has no price for what a buyer asks
    ├── OutcomeUnknown   it may have happened; look before doing it again
    ├── ConfigError      settings are wrong; nothing will work until they are changed
    │   └── NotSupported this connector, or this account, cannot do it at all
    └── CallRejected     a call that came in is not accepted; answer it with this status

A message is plain English for the person who runs the product: what happened, then what to do.
It never holds a credential. ``status`` is the HTTP status and ``exit_code`` the command's exit code that a core
answers with, where nothing else is known of the call.
"""

from makeready_hooks.model.price import NoPriceCause


class MakereadyError(Exception):
    """The base. ``str(error)`` is ready to be shown to a person."""

    status: int = 500
    exit_code: int = 1

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(f"{message} {fix}".strip())
        self.message = message
        self.fix = fix


class RetryLater(MakereadyError):
    """The call had no effect and may succeed later: no connection, overload, a call limit."""

    status = 503
    exit_code = 5

    def __init__(self, message: str, *, after_s: float | None = None, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.after_s = after_s
        """Seconds that the other side asks to wait, if it said so."""


class Refused(MakereadyError):
    """The other side said no, in its own words. Sending the same again is pointless."""

    status = 409
    exit_code = 4


class NotPriced(Refused):
    """There is no price. The message is for the printer's people; a buyer reads the core's text for ``cause``."""

    def __init__(self, message: str, *, cause: NoPriceCause, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.cause = cause


class OutcomeUnknown(MakereadyError):
    """The call left, changes something, and no answer came that could be understood."""

    status = 502
    exit_code = 6


class ConfigError(MakereadyError):
    """A setting is missing or wrong. One that the caller gave is answered with 422, by who knows that."""

    status = 503
    exit_code = 3

    def __init__(self, message: str, *, field: str = "", fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.field = field
        """The setting's path: ``connectors.shop.password``."""


class NotSupported(ConfigError):
    """The connector has no such capability, or the vendor's account does not allow it."""

    status = 501


class CallRejected(MakereadyError):
    """A call from outside is not accepted. The web edge answers with ``status`` and the message."""

    status = 400

    def __init__(self, message: str, *, status: int = 400, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.status = status
