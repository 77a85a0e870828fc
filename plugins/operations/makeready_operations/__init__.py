"""The JSON API of orders and pauses."""
