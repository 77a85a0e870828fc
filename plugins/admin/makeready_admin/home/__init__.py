"""First page: a company today."""
