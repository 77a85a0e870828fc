"""The outbound client that every connector is handed."""

from makeready.http.addresses import anywhere, host_name, is_public
from makeready.http.client import ConnectorHttp, Outbound
from makeready.http.files import Files
from makeready.http.gate import CallGate, Slots
from makeready.http.hearing import hearing

__all__ = [
    "CallGate",
    "ConnectorHttp",
    "Files",
    "Outbound",
    "Slots",
    "anywhere",
    "hearing",
    "host_name",
    "is_public",
]
