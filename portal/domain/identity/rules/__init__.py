"""Pure rules about persons: codes, passwords, authenticators, names that may be shown."""
