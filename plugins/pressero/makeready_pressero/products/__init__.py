"""Products, between the contract's words and Pressero's."""
