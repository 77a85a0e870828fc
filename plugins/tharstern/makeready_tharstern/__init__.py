"""Tharstern for Makeready: the connector, and an emulator of the vendor."""
