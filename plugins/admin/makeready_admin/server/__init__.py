"""Pages of this installation: the server, and the life of its ledger."""
