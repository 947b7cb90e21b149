"""Outside systems behind the features' ports: one folder per port, each with a sandbox."""
