"""Banks that pay out for us."""
