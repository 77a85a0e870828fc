"""Products, between the contract's words and Tharstern's."""
