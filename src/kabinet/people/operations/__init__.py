"""Writes that several use-cases about people share, by subject."""
