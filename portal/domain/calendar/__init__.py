"""The resource calendar: technicians, rooms, devices, tables and pick-up slots, when they work and what is reserved.

The database itself keeps it free of conflicts. What a reservation is for, the features above know.
"""
