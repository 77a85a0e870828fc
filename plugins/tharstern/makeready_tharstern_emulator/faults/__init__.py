"""Faults on demand: how often they strike, and how a connection is cut."""
