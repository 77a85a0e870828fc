"""Stock: levels of many products with few calls."""
