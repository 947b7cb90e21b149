"""Ways to a phone, behind the port `Messenger`."""
