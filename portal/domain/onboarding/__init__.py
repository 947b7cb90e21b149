"""How a merchant comes to be let in, and how its legal and bank data change afterwards: apply, review, decide."""
