"""Files of orders: checked, and given to the MIS."""
