"""Pages that move by themselves: an open page is told that something has changed, and fetches itself again."""
