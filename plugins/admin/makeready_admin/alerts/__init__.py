"""Whom a company's alerts reach, a test that says at once whether it arrived, and what was told."""
