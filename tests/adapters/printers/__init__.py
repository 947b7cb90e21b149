"""Printers' adapters against their sandboxes."""
