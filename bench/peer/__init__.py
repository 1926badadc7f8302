"""The peer of paying: a bare view and a bare job that cost what a payment's notification must at least cost."""
