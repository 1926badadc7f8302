"""What comes from strangers as a file: photos of meters."""
