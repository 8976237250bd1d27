"""Translation to Summary: chunks, verification of each sentence, selection, extracted sentences."""
