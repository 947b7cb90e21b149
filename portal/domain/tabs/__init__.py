"""What is ordered at a table: sittings, the guests who joined them, rounds and lines. Paying is `bills`."""
