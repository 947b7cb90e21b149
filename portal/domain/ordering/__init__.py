"""Buying: the cart, the checkout that is paid at once, and one order for each merchant."""
