"""SQL of tokens and of the audit log."""
