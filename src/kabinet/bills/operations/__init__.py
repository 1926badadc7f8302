"""What use-cases of bills share."""
