"""Which source sentences support a sentence: TF-IDF and sentence embeddings."""
