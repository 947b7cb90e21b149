"""Generated requests over all routes and roles: no input gives a 500."""
