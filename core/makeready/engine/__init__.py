"""Durable work: queued, claimed with a lease, done, retried."""
