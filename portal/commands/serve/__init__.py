"""`python -m portal.commands.serve`: everything the portal needs on one machine, started and stopped
together.
"""
