"""Prices: what the shop's pricing engine asks, and how it is answered, in either form."""
