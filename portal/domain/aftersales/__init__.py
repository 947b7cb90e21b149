"""Cases: what a buyer asks back of an order, what becomes of it, and the money and goods that follow."""
