"""Goods on their way: parcels with their numbers and events, asked changes of address, goods that are not there.

A parcel belongs to the merchant who sent it and to the person who waits for it. Only the worker's face writes.
"""
