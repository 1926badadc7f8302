"""Calculations about people, by subject: plain values in and out, no Django."""
