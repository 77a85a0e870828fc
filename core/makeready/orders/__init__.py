"""Orders: from the shop into the MIS, each exactly once."""
