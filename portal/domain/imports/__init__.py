"""Lists in and out: a file becomes rows that are checked, shown, applied in lots and, if need be, taken back.

Every row acts through the action of its own feature; nothing here writes another feature's tables.
"""
