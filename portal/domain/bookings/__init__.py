"""Services a store sells by time, visits booked for them, and the list of those who wait for a freed time.

Whose time is free, the calendar knows; who has paid, the payments. Clients, commissions and boards stand above.
"""
