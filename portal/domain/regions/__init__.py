"""Administrative divisions: province, city, area, street; a shared table that nobody owns."""
