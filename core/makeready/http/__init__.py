"""The outbound client that every connector is handed."""

from makeready.http.client import ConnectorHttp, Outbound, Slots

__all__ = ["ConnectorHttp", "Outbound", "Slots"]
