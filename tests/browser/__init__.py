"""Pages in a real Chromium: what a parser cannot see."""
