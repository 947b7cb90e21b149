"""Payments: proofs beside their parts."""
