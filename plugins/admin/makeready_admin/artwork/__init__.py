"""Pictures of artwork, for people who look at an order."""
