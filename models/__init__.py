"""What text goes through, from article to report. Knows nothing of HTTP, files or the environment."""
