"""Outside systems that registers go to."""
