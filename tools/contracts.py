"""`python -m tools.contracts`: import-linter, which cannot be started with -m itself. Runs inside .venv."""

from importlinter.cli import lint_imports_command

if __name__ == "__main__":
    lint_imports_command()
