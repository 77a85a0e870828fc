"""What people see of orders: history, evidence, lists, and what would be sent. Nothing here changes anything."""
