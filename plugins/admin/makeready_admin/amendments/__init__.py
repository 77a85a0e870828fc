"""What the shop changed after an order was sent, on its way into the MIS."""
