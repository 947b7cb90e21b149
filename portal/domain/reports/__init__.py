"""Figures over many features at once, for whoever runs the town. Reads only."""
