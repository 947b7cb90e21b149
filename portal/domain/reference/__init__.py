"""What the operator keeps for everybody: categories, parameters with effective dates, announcements.

The lowest feature: it knows no person and no merchant, so that every other feature may read it.
"""
