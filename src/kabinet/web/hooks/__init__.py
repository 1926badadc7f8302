"""Calls that gateways make to us."""
