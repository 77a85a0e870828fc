"""The JSON API of orders, stock and pauses."""
