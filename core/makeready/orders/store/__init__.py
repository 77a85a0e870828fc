"""SQL of the orders: the ledger, its transitions, search."""
