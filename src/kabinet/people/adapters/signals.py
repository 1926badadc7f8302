"""Heard signals."""
