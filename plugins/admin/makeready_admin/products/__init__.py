"""Pages of products, imports and links."""
