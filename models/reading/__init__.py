"""Bytes to Document: encoding, web pages, boilerplate, sentences with offsets, languages."""
