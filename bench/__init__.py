"""What the portal costs: CPU, round trips, kilobytes, seconds. `python -m bench` holds it against the limits."""
