"""Everything around the text: HTTP, command line, files, processes, settings."""
