"""Stores: where consumers go. Editing belongs to the merchant, the public directory of cards to everybody."""
