"""What the shop keeps, its time, its journal, and where the first state comes from."""
