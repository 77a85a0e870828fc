"""Status and parcels: read in the MIS, written in the shop."""
