"""What every feature needs; knows no feature and no web framework."""
