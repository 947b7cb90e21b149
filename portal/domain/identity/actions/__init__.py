"""What persons do: one module per matter. No module here knows of pages or cookies."""
