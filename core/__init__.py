"""Frozen values and pure reasoning: no files, no clock, no network, no wheel but pydantic."""
