"""The way of an order into the MIS: sent, asked for first where somebody else may have sent it, looked for in doubt."""
