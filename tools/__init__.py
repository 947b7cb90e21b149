"""Scripts behind the Makefile. They run before the environment exists: standard library only, no portal imports."""
