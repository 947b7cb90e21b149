"""The features. A feature may import features below it (see `.importlinter`), never the web."""
