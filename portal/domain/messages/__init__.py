"""What people are told: letters in their box on the page, and texts to their phone."""
