"""Commands about products and imports."""
