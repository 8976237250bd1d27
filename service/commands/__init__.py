"""One module for each command of the command line; what loads slowly is imported inside the commands."""
