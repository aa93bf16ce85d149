"""One file per thing the platform has."""
