"""The worker and its timetable."""
