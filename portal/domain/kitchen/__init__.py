"""What the kitchen is told: stations, tickets for each version of a line, screens, printers and what they print.

Reads tabs and reacts to their events; knows nothing of money. Nothing that may have been printed is printed again by
itself.
"""
