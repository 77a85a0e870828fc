"""Stock of the MIS: read on a schedule and at hints, mirrored into the shop. What is kept of it stays with the core."""
