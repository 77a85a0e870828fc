"""What needs attention, by cause."""
