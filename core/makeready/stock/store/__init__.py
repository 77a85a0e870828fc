"""SQL of the stock: levels, mirrors."""
