"""Payments: what somebody is asked to pay, how he tries, what arrived, and what goes back. Knows no order."""
