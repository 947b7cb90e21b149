"""What pages read of carts and orders."""
