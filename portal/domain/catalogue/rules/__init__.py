"""What a product must be like before it is kept: options and their combinations, codes, prices, words to find it by."""
