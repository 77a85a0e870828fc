"""The connector between Makeready and Tharstern."""
