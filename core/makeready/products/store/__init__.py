"""SQL of the products: import jobs, claims, links, profiles."""
