"""Webhooks of the vendors: verified, stored, answered."""
