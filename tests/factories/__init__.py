"""Makers of test data, one module per feature, gathered in `World`."""
