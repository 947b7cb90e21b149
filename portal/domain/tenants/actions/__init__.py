"""What is done with merchants, staff and the platform's own people, one module each."""
