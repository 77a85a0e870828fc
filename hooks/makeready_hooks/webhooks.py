"""Webhooks: a vendor says that something happened."""

from makeready_hooks.markers import hookspec
from makeready_hooks.model.event import Receipt
from makeready_hooks.model.incoming import IncomingCall


@hookspec
def read_webhook(call: IncomingCall) -> Receipt | None:
    """Check that a webhook is genuine and say what it is about. Pure.

    Called:  for every call to this connector's webhook address, before it is stored and answered.
    Return:  the receipt; members that are not known are ignored, missing ones survived.
    Raise:   CallRejected with 401 for a wrong or missing signature, 400 for what cannot be read.
    """
