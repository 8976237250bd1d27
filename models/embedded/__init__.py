"""The embedded model: how it is built, trained and measured, and the adapter itself."""
