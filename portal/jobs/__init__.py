"""What the worker does beside the web: queued acts and a timetable. Knows actions, never rows."""
