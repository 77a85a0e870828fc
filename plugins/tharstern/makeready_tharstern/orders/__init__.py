"""Orders: from the shop's to Tharstern's, and how far they have come there."""
