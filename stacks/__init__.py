"""The program: settings, blueprint, capture."""
