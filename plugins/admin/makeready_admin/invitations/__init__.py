"""People are let in by a link that expires: who was invited as what, and what becomes of it."""
