"""Stock of the MIS: read, mirrored into the shop, shown to buyers."""
