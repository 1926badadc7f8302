"""How documents for people are written."""
