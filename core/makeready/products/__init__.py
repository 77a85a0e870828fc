"""Products of the MIS in the shop: found, imported, linked."""
