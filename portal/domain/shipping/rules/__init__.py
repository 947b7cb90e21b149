"""Pure logic of shipping."""
