"""What one would write by hand in bare SQL for a file of the world, with as many rows as loading it leaves behind."""
