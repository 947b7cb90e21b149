"""What pages ask about applications, merchants' data and changes."""
