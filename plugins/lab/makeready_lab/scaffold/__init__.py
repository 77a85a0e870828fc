"""A connector to begin with: a small distribution that is whole, written from templates."""
