"""Goods: brands, products with their SKUs, what they cost from when, and how many there are.

A supplier writes, the platform lets in and sets what the street pays. The street reads cards; supply prices, terms and
stock never stand on a card.
"""
