"""Who gets the money of a completed order, what of it goes back later, and the statements that tell merchants so."""
