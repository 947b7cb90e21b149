"""The operator's acts on categories, parameters and announcements, one module each."""
