"""Persons: ways in, and what is theirs."""
