"""What people are told when something happened: one module per feature below."""
