"""Which product of a shop is which of the MIS, and how far imports are: numbers, links, mark-ups, state."""
