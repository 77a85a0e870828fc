"""What vendors really say: kept without secrets and people, and what it means for a connector's assumptions."""
