"""Who has what: assets, accounts, transfers, holds and their proof. Sole writer of its tables; knows no feature."""
