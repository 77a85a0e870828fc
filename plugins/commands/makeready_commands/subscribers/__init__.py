"""Commands about companies and their connectors."""
