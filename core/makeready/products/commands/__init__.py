"""Commands of the products."""
