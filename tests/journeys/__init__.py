"""Few, long, readable: what people do with the portal from beginning to end, in a real browser."""
