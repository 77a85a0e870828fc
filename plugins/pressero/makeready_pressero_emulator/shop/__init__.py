"""How the shop behaves: carts, prices, orders, stock, and the calls that it makes itself."""
