"""Gemma 3 in int8 with a beam search of its own, for the embedded model on CPUs with AVX2."""
