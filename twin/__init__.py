"""The local cloud: the platform's types applied to an API double and read back."""
