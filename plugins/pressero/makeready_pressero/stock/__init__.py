"""Stock: levels of the shop's stock items."""
