"""What people and make run: one module per group of `flask` commands. Must not hold business rules."""
