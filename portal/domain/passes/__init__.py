"""Passes (次卡): so many uses paid in advance, used one by one."""
