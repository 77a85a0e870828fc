"""Pages of orders and of what needs attention."""
