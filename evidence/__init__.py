"""One bundle, one file per format."""
