"""The inbox of payment providers."""
