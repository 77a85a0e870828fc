"""Set-up: the connection, what has to be in the account, and what settings are chosen from."""
