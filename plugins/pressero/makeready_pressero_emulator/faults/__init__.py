"""Faults on demand, how a connection is cut, and the limit of calls."""
