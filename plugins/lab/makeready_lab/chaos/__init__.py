"""Kills at random, and a count of what arrived."""
