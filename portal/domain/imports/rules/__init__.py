"""What columns a list has, what a cell may hold, and what rows come to. Pure."""
