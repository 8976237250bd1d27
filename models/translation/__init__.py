"""Document to Translation: batches, cache, second tries, ranking of hypotheses."""
