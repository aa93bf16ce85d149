"""Arguments, files, clock and exit codes; the only room that prints."""
