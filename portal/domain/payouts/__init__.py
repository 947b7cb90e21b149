"""Withdrawals: a merchant asks for his balance, the platform approves, the bank pays or sends it back.

Money is set aside before anybody decides; what the bank did is asked, never guessed.
"""
