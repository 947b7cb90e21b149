"""Merchants: how they apply, who works for them, what suspends them."""
