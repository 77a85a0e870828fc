"""The life of a ledger: whether it has witnessed all that was sent, or was restored, copied or moved."""
