"""A folder of articles: files in, reports and listings out."""
