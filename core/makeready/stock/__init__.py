"""Stock of the MIS: what is kept of it, and the rules it goes by; makeready-stock reads it and mirrors it into the shop."""
