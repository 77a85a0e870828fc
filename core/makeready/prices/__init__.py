"""What a buyer's price is made of, and how often the MIS is asked for it. Nothing here does I/O."""
