"""Names of people, places and organisations that the source does not contain."""
