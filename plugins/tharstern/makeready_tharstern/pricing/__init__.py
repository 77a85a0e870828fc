"""Prices: of stock products from lists, of what is made to order from estimates."""
