"""The rules of prices, and what is kept of them; makeready-prices answers buyers by it."""
