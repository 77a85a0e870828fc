"""What operators type: orders, products, prices, stock, companies. Each command is a thin layer over a story of a room."""
