"""Products of the MIS that come into a shop: chosen, planned, made or linked, watched, unlinked."""
