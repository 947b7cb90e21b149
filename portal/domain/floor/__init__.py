"""A store's floor: areas, tables with their seats and codes, tables that are joined, table reservations."""
