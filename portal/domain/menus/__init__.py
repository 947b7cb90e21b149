"""Menus of places where people eat: dishes with options and combos, when and where they are served, what is sold out.

A merchant writes, each store chooses what it offers and at which price, the kitchen and the counter stop dishes. Knows
neither tables nor orders: what a pick costs is answered here, who picked it is not.
"""
