"""Set-up: the connection, what settings are chosen from, and what a site does with duplicates."""
