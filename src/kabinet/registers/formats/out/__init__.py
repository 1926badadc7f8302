"""Files that leave to suppliers: what a line of each kind holds, and the shapes in which lines are written."""
