"""What people correct of one order before it is sent: beside what the shop shows, and for that order alone."""
