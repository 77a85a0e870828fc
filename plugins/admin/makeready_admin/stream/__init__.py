"""What happened to a company, as one stream."""
