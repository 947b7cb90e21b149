"""The pretend payment provider of demo and test installations: another company with its own rows."""
