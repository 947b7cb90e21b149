"""Coupons and the vouchers made from them: publish, collect, redeem once, undo in time."""
