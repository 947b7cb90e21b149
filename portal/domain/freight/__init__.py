"""What it costs to send goods: a supplier's templates with their regions, and which goods follow which."""
