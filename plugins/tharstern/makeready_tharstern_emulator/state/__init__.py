"""What the site knows: records, their tables, where they come from, and the journal."""
