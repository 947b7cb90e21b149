"""Paying at a table: bills over a snapshot of lines, shares of several payers, corrections, refunds, receipts."""
