"""What an order carries: its lines in the MIS, compared with what was seen, and with what the shop changes later. Pure."""
